import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { BUILTIN_ACTORS } from './builtin-actors.ts'
import { FIRST_EXPORTED_METHOD_NUMBER } from './runtime/runtime.ts'

/** FRC-0042: the first four bytes of the hash of the name that are no internal number. */
function exportedNumber(name: string): number {
  const hash = createHash('blake2b512').update(`1|${name}`).digest()
  for (let offset = 0; offset + 4 <= hash.length; offset += 4) {
    const number = hash.readUInt32BE(offset)
    if (number >= FIRST_EXPORTED_METHOD_NUMBER) {
      return number
    }
  }
  throw new Error(`${name} has no number`)
}

const methods = Object.values(BUILTIN_ACTORS).flatMap((actor) =>
  [...actor.methods].map(([number, { name }]) => ({ actor: actor.name, number, name })),
)

describe('the number of a method', () => {
  // Source: FRC-0042, whose example this is.
  test('of Receive is the one that is published', () => {
    expect(exportedNumber('Receive')).toBe(3_726_118_371)
  })

  test.each(methods.filter(({ name }) => name.endsWith('Exported')))(
    'follows from the name of $actor.$name: $number',
    ({ number, name }) => {
      expect(number).toBe(exportedNumber(name.replace(/Exported$/, '')))
    },
  )

  test.each(methods.filter(({ name }) => !name.endsWith('Exported')))(
    'is internal of $actor.$name: $number',
    ({ number }) => {
      expect(number).toBeGreaterThan(0)
      expect(number).toBeLessThan(FIRST_EXPORTED_METHOD_NUMBER)
    },
  )
})

describe('the code of an actor', () => {
  test.each(Object.entries(BUILTIN_ACTORS))('of %s is registered under its name', (name, actor) => {
    expect(actor.name).toBe(name)
    expect(actor.methods.get(1)?.name).toBe('Constructor')
  })
})
