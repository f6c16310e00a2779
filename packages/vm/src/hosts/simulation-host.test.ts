import { MAINNET_POLICY } from '@plimsoll/actors'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { ALICE, CODES, codeOf, EPOCH } from '../testing/scripted-machine.ts'
import { actorCodeTable } from './actor-code-table.ts'
import { simulationHost } from './simulation-host.ts'

const hashes = await createHashes()
const options = { hashes, codes: CODES, circulatingSupply: 7n }

describe('a simulation', () => {
  test('is of mainnet under actors v18 unless told otherwise', () => {
    expect(simulationHost(options)).toMatchObject({ policy: MAINNET_POLICY, networkVersion: 28 })
    expect(simulationHost({ ...options, networkVersion: 25 }).networkVersion).toBe(25)
  })

  test('has a circulating supply that is constant, or a function of the epoch', () => {
    expect(simulationHost(options).circulatingSupply(EPOCH)).toBe(7n)
    const growing = simulationHost({ ...options, circulatingSupply: (epoch) => BigInt(epoch) })
    expect(growing.circulatingSupply(EPOCH)).toBe(BigInt(EPOCH))
  })

  test('has the customs of a chain, each of which can be replaced', () => {
    const { customs } = simulationHost(options)
    expect(customs).toMatchObject({
      implicitMessagesAdvanceSequence: false,
      emptyParamsAreABlock: false,
      placeholdersAcceptAllMethods: true,
    })
    expect([customs.maySend('account'), customs.maySend('multisig'), customs.maySend(undefined)]).toEqual([
      true,
      false,
      false,
    ])
    // CBOR: a byte string of the three bytes of f0100.
    expect(customs.senderBytes(ALICE)).toEqual(Uint8Array.of(0x42, 0x00, 0x64))
    const other = simulationHost({ ...options, customs: { emptyParamsAreABlock: true } })
    expect(other.customs).toMatchObject({ emptyParamsAreABlock: true, placeholdersAcceptAllMethods: true })
  })

  test('believes every proof and signature, and answers every epoch with the same randomness', () => {
    const primitives = simulationHost(options).primitivesAt(EPOCH)
    expect(primitives.verifySignature(new Uint8Array(), ALICE, new Uint8Array())).toBe(true)
    expect(primitives.batchVerifySeals([])).toEqual([])
    expect(primitives.verifyConsensusFault(new Uint8Array(), new Uint8Array(), new Uint8Array())).toBe('none')
    const randomness = primitives.getRandomnessFromBeacon(1, EPOCH + 100, new Uint8Array())
    expect([...randomness]).toEqual(Array.from({ length: 32 }, (_, i) => i + 1))
    expect(primitives.getRandomnessFromTickets(2, 0, new Uint8Array())).toEqual(randomness)
  })

  test('answers otherwise where it is given answers', () => {
    const { primitivesAt } = simulationHost({ ...options, primitives: { verifySignature: () => false } })
    expect(primitivesAt(EPOCH).verifySignature(new Uint8Array(), ALICE, new Uint8Array())).toBe(false)
  })
})

describe('a table of code', () => {
  test('leads from names to code and back', () => {
    expect(CODES.codeOf('storageminer')).toBe(codeOf('storageminer'))
    expect(CODES.nameOf(codeOf('storageminer'))).toBe('storageminer')
  })

  test('does not know other code, and refuses a name without any', () => {
    expect(CODES.nameOf(codeOf('other'))).toBeUndefined()
    expect(() => actorCodeTable({}).codeOf('evm')).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_ACTOR_CODE' }),
    )
  })
})
