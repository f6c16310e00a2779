import { actorId, addressFromBytes, idAddress, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { checkCronInvariants } from './invariants.ts'

const power = { receiver: idAddress(actorId(4)), methodNum: 5n }
const key = addressFromBytes(parseHex(`01${'11'.repeat(20)}`))

// Source of the rules: builtin-actors v18, `actors/cron/src/testing.rs`.
describe('an entry of the cron actor', () => {
  test.each([
    { rule: 'may be a method of an actor', entry: power, kinds: [] },
    { rule: 'may be method 1', entry: { ...power, methodNum: 1n }, kinds: [] },
    { rule: 'is known by its id', entry: { ...power, receiver: key }, kinds: ['cron/receiver-not-id'] },
    { rule: 'is more than a transfer', entry: { ...power, methodNum: 0n }, kinds: ['cron/method'] },
  ])('$rule: $kinds', ({ entry, kinds }) => {
    const findings = createFindings()
    checkCronInvariants({ entries: [power, entry] }, findings)
    expect(findings.list).toEqual(
      kinds.map((kind) => ({ kind, place: 'entries[1]', message: expect.any(String) })),
    )
  })
})
