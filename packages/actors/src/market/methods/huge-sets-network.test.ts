import { bitField, bitFieldRange, encodeCbor } from '@plimsoll/ipld'
import { createHashes, ExitCode, parseHex, STORAGE_MARKET_ACTOR_ADDR } from '@plimsoll/primitives'
import { createAccount, methodNumber, openNetwork } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'

const hashes = await createHashes()

// Source: ref-fvm, where gas ends what would go through all members; see runtime/out-of-gas.ts.
describe('a message that names more of a set than anybody could pay for', () => {
  test.each([
    { what: 'found by random bytes', params: parseHex('45c83020e909') },
    { what: 'of all numbers', params: encodeCbor(bitField, bitFieldRange(0, 2n ** 64n - 1n)) },
    { what: 'of one too many', params: encodeCbor(bitField, bitFieldRange(0, 53_351)) },
  ])('ends out of gas when it settles deals $what', ({ params }) => {
    const network = openNetwork(hashes)
    const { id: from } = createAccount(network)
    const [before, market] = [from, STORAGE_MARKET_ACTOR_ADDR].map((actor) => network.vm.findActor(actor))
    const receipt = network.vm.applyMessage({
      from,
      to: STORAGE_MARKET_ACTOR_ADDR,
      value: 7n,
      method: methodNumber('storagemarket', 'SettleDealPaymentsExported'),
      params: { codec: 0x51, data: params },
    })
    expect(receipt).toMatchObject({ exitCode: ExitCode.SYS_OUT_OF_GAS, returnData: null, events: [] })
    const sequence = (before?.sequence ?? 0n) + 1n
    expect(network.vm.findActor(from)).toEqual({ ...before, sequence })
    expect(network.vm.findActor(STORAGE_MARKET_ACTOR_ADDR)).toEqual(market)
  })

  test('is answered when it could be paid for', () => {
    const network = openNetwork(hashes)
    const { id: from } = createAccount(network)
    const receipt = network.vm.applyMessage({
      from,
      to: STORAGE_MARKET_ACTOR_ADDR,
      value: 0n,
      method: methodNumber('storagemarket', 'SettleDealPaymentsExported'),
      params: { codec: 0x51, data: encodeCbor(bitField, bitFieldRange(0, 1000)) },
    })
    expect(receipt.exitCode).toBe(ExitCode.OK)
  })
})
