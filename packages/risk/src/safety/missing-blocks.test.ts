import { checkStateInvariants, MAINNET_POLICY, RULES_OF_TODAY } from '@plimsoll/actors'
import { type Blockstore, type Cid, cidFromBytes, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { assessMiner, openMiner } from '../assess/assess-miner.ts'
import { findMiners, requireMiner } from '../assess/find-miners.ts'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { openCurve } from '../curve/curve.ts'
import { curveReport } from '../curve/curve-report.ts'
import { EXPLAINED_FIGURES } from '../explain/explain-figure.ts'
import { explanationOf } from '../explain/explanation.ts'
import { forecast } from '../forecast/forecast.ts'
import { assessPacks, NO_PACK_PARAMETERS } from '../packs/assess-packs.ts'
import { packSubject } from '../packs/pack-subject.ts'
import { loadMinerPowers } from '../power-table/load-miner-powers.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import { openSmallMiner, planAll } from './testing/troubled-miner.ts'

const hashes = await createHashes()
const { network, id } = openSmallMiner(hashes)
const ROOT = network.vm.root()
const { store: whole } = network.vm
const TERMS = { outstanding: 5n, buffer: { days: 3 } }

const assessed = (view: NetworkView, miner = id) => {
  const { record } = requireMiner(view, miner)
  return assessMiner(view, openMiner(view, miner, record), ['fip0098'], TERMS)
}

/** What is asked of a state, by the command that asks it. */
const QUESTIONS: Readonly<Record<string, (view: NetworkView) => unknown>> = {
  assess: (view) => findMiners(view).map((entry) => assessed(view, entry.id)),
  explain: (view) =>
    EXPLAINED_FIGURES.map((figure) =>
      explanationOf(view, { miner: id, subject: { figure }, feeRules: 'fip0098', ...TERMS }),
    ),
  power: (view) => loadMinerPowers(view),
  packs: (view) => {
    const assessment = assessed(view)
    return assessPacks(packSubject(view, assessment, assessment.byRules[0]), NO_PACK_PARAMETERS)
  },
  curve: (view) => {
    const range = { from: view.assessedEpoch, to: view.assessedEpoch + EPOCHS_IN_DAY, step: EPOCHS_IN_DAY }
    return curveReport(
      view,
      openCurve(view, id, range, () => view.estimates),
      'held',
    )
  },
  plan: (view) => planAll(hashes, view, id),
  forecast: (view) =>
    forecast(view, {
      ...{ hashes, miner: id, rules: RULES_OF_TODAY, networkVersion: 28, circulatingSupply: undefined },
      ...{
        scenario: parseScenarioFile({ format: 1, days: 1 }),
        outstanding: 5n,
        thresholds: { warning: 9n, termination: 7n },
      },
    }),
  check: ({ tree, codes, stateEpoch }) => checkStateInvariants(MAINNET_POLICY, tree, codes, stateEpoch),
}

/** The state without one of its blocks; says which of its blocks were read. */
function without(omitted: Cid | undefined, read: Set<Cid> = new Set()): Blockstore {
  const written = createMemoryBlockstore(hashes)
  const find = (cid: Cid) => {
    const own = written.find(cid)
    if (own !== undefined || cid === omitted) {
      return own
    }
    const block = whole.find(cid)
    if (block !== undefined) {
      read.add(cid)
    }
    return block
  }
  return {
    ...{ hashes, decoding: 'on demand', find },
    findAt: (bytes, start, end) => find(cidFromBytes(bytes.subarray(start, end))),
    put: (cid, block) => written.put(cid, block),
  }
}

describe('a state that lacks a block', () => {
  test.each(Object.entries(QUESTIONS))(
    'S7: is refused by %s, whichever of the blocks that it reads is lacking',
    (_command, ask) => {
      const read = new Set<Cid>()
      ask(openNetworkView(without(undefined, read), [ROOT]))
      expect(read.size).toBeGreaterThan(10)
      for (const cid of read) {
        expect(() => ask(openNetworkView(without(cid), [ROOT]))).toThrow(
          expect.objectContaining({ code: 'MISSING_BLOCK' }),
        )
      }
    },
  )
})
