import { bitFieldRange } from '@plimsoll/ipld'
import { createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import {
  CLIENT_ID,
  DEAL_COLLATERAL,
  DEAL_DURATION,
  DEAL_END,
  DEAL_PRICE,
  DEAL_START,
  exitCodeOf,
  OTHER_PROVIDER_ID,
  PROVIDER_ID,
  TestMarket,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { OutOfGas } from '../../runtime/out-of-gas.ts'
import { checkMarketInvariants } from '../invariants.ts'
import { DealProposals, DealStates, PendingProposals, ProviderSectors } from '../state.ts'

// Source of the cases: builtin-actors v18, actors/market/tests: on_miner_sectors_terminate.rs and deal_termination.rs.

const hashes = await createHashes()
const { OK, USR_FORBIDDEN, USR_ILLEGAL_ARGUMENT, USR_ILLEGAL_STATE } = ExitCode
const PROVIDER = idAddress(PROVIDER_ID)
const [START, END] = [Number(DEAL_START), Number(DEAL_END)]
const FEE = DEAL_PRICE * DEAL_DURATION

let market: TestMarket

beforeEach(() => {
  market = new TestMarket(hashes)
})

function requireSound(): void {
  const findings = createFindings()
  const { rt, state } = market
  checkMarketInvariants(rt.store, state, rt.balance, rt.currEpoch + 1, findings)
  expect(findings.list).toEqual([])
}

/** Publishes plain deals and puts each into a sector of its own, from 1 up. */
function activate(...labels: readonly string[]): readonly bigint[] {
  const ids = market.publishPlain(...labels.map((label) => ({ label })))
  market.activate(ids.map((id) => [id]))
  return ids
}

describe('a deal in a sector that is terminated', () => {
  // Epochs from the start on are paid: those before the termination, and none after the end.
  test.each([
    { when: 'long before its start', epoch: START - 10, paidEpochs: 0n },
    { when: 'at its start', epoch: START, paidEpochs: 0n },
    { when: 'after a while', epoch: START + 1000, paidEpochs: 1000n },
    { when: 'in its last epoch', epoch: END - 1, paidEpochs: DEAL_DURATION - 1n },
  ])('is paid up to then, $when', ({ epoch, paidEpochs }) => {
    activate('a')
    market.terminate([1], epoch, DEAL_COLLATERAL)
    const paid = DEAL_PRICE * paidEpochs
    expect(market.balances).toEqual({
      client: { escrow: DEAL_COLLATERAL + FEE - paid, locked: 0n },
      provider: { escrow: paid, locked: 0n },
    })
    expect([market.proposal(0n), market.dealState(0n), market.sectorDeals(1n)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    requireSound()
  })

  test('is paid from its last payment on', () => {
    activate('a')
    market.settle([0n], START + 400)
    market.terminate([1], START + 1000, DEAL_COLLATERAL)
    expect(market.balances.provider).toEqual({ escrow: DEAL_PRICE * 1000n, locked: 0n })
    requireSound()
  })

  test('is no longer pending, and its allocation and place are gone', () => {
    activate('a')
    market.terminate([1], START, DEAL_COLLATERAL)
    const { pendingProposals, providerSectors } = market.state
    expect(pendingProposals.cid).toBe(PendingProposals.empty(market.rt.store).flush().cid)
    expect(providerSectors.cid).toBe(ProviderSectors.empty(market.rt.store).flush().cid)
  })

  test('is an event, and so is no other', () => {
    activate('a', 'b')
    market.terminate([2], START, DEAL_COLLATERAL)
    const [event] = market.rt.events.slice(4)
    expect(event?.map(({ key, value }) => [key, Buffer.from(value).toString('hex')])).toEqual([
      ['$type', `6f${Buffer.from('deal-terminated').toString('hex')}`],
      ['id', '01'],
      ['client', '19012d'],
      ['provider', '190191'],
    ])
    expect(market.rt.events).toHaveLength(5)
    expect(market.proposal(0n)).toBeDefined()
  })

  test('burns its collateral together with the others', () => {
    activate('a', 'b', 'c')
    market.terminate([1, 3, 9], START, 2n * DEAL_COLLATERAL)
    expect([0n, 1n, 2n].map((dealId) => market.proposal(dealId)?.label)).toEqual([undefined, 'b', undefined])
    requireSound()
  })

  test('burns nothing where it has no collateral', () => {
    market.publishPlain({ providerCollateral: 0n })
    market.activate([[0n]])
    market.terminate([1], START, 0n)
    expect(market.proposal(0n)).toBeUndefined()
  })

  // `deal.end_epoch <= params.epoch`: it stays for settlement, but nobody finds it by its sector any more.
  test.each([END, END + 5])('stays for settlement at its end: %i', (epoch) => {
    activate('a')
    market.terminate([1], epoch, 0n)
    expect(market.dealState(0n)).toBeDefined()
    expect(market.sectorDeals(1n)).toBeUndefined()
    expect(market.settle([0n], epoch).settlements).toEqual([{ payment: FEE, completed: true }])
    requireSound()
  })

  test('is passed over when it was settled before', () => {
    activate('a', 'b')
    market.edit((state) => {
      const sectors = ProviderSectors.load(market.rt.store, state.providerSectors)
      sectors.set(PROVIDER_ID, 1n, [0n, 99n])
      return { providerSectors: sectors.flush() }
    })
    market.terminate([1], START, DEAL_COLLATERAL)
    requireSound()
  })
})

describe('OnMinerSectorsTerminate', () => {
  test('finds nothing for another miner, nor in sectors without deals', () => {
    activate('a')
    const { providerSectors } = market.state
    const sectors = bitFieldRange(1, 3)
    market.call(idAddress(OTHER_PROVIDER_ID), 7, { epoch: 60n, sectors })
    market.call(PROVIDER, 7, { epoch: 60n, sectors: bitFieldRange(2, 3) })
    expect(market.state.providerSectors.cid).toBe(providerSectors.cid)
  })

  test('is called by miners alone', () => {
    const params = { epoch: 60n, sectors: bitFieldRange(0, 0) }
    expect(exitCodeOf(() => market.call(idAddress(CLIENT_ID), 7, params))).toBe(USR_FORBIDDEN)
  })

  /** What a deal in a sector must not be missing, and how the call ends when it is. */
  test.each<{ readonly damage: string; readonly edit: () => void; readonly code: number }>([
    {
      damage: 'its state is gone',
      edit: () => market.edit(() => ({ states: DealStates.empty(market.rt.store).flush() })),
      code: USR_ILLEGAL_ARGUMENT,
    },
    {
      damage: 'its proposal is with another provider',
      edit: () => editProposal({ provider: idAddress(OTHER_PROVIDER_ID) }),
      code: USR_ILLEGAL_STATE,
    },
    {
      damage: 'it costs more than is locked',
      edit: () => editProposal({ storagePricePerEpoch: 2n * DEAL_PRICE }),
      code: USR_ILLEGAL_ARGUMENT,
    },
    {
      damage: 'its client put up more than is locked',
      edit: () => editProposal({ clientCollateral: DEAL_COLLATERAL + 1n }),
      code: USR_ILLEGAL_ARGUMENT,
    },
    {
      damage: 'its provider put up more than is in escrow',
      edit: () => editProposal({ providerCollateral: DEAL_COLLATERAL + 1n }),
      code: USR_ILLEGAL_ARGUMENT,
    },
    {
      damage: 'its collateral is negative',
      edit: () => editProposal({ clientCollateral: -1n }),
      code: USR_ILLEGAL_STATE,
    },
    { damage: 'it stands in two sectors', edit: () => putIntoSector(2n, [0n]), code: USR_ILLEGAL_ARGUMENT },
    // What is missing here is not missed.
    {
      damage: 'its proposal is gone',
      edit: () => market.edit(() => ({ proposals: DealProposals.empty(market.rt.store).flush() })),
      code: OK,
    },
    {
      damage: 'it is not pending',
      edit: () => market.edit(() => ({ pendingProposals: PendingProposals.empty(market.rt.store).flush() })),
      code: OK,
    },
  ])('ends with $code when of a deal $damage', ({ damage, edit, code }) => {
    activate('a')
    edit()
    if (code === OK && damage !== 'its proposal is gone') {
      market.expectBurn(DEAL_COLLATERAL)
    }
    const params = { epoch: BigInt(START), sectors: bitFieldRange(1, 3) }
    expect(exitCodeOf(() => market.call(PROVIDER, 7, params))).toBe(code)
  })

  // Enough is locked by another deal, so that the payment goes through twice; then the deal is gone.
  test('ends with USR_ILLEGAL_STATE when a deal stands in two sectors and the funds are there', () => {
    activate('a', 'b')
    putIntoSector(3n, [0n])
    const params = { epoch: BigInt(START), sectors: bitFieldRange(3, 4) }
    putIntoSector(1n, [0n])
    expect(
      exitCodeOf(() => market.call(PROVIDER, 7, { ...params, sectors: { boundaries: [1, 2, 3, 4] } })),
    ).toBe(USR_ILLEGAL_STATE)
  })
})

function editProposal(changes: object): void {
  market.edit((state) => {
    const proposals = DealProposals.load(market.rt.store, state.proposals)
    proposals.set(0n, { ...(proposals.get(0n) as object), ...changes } as never)
    return { proposals: proposals.flush() }
  })
}

function putIntoSector(sectorNumber: bigint, dealIds: readonly bigint[]): void {
  market.edit((state) => {
    const sectors = ProviderSectors.load(market.rt.store, state.providerSectors)
    sectors.set(PROVIDER_ID, sectorNumber, dealIds)
    return { providerSectors: sectors.flush() }
  })
}

test('more sectors than a message can pay for end it', () => {
  const params = { epoch: DEAL_START, sectors: bitFieldRange(0, 2n ** 63n) }
  expect(() => market.call(PROVIDER, 7, params)).toThrow(OutOfGas)
  requireSound()
})
