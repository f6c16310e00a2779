import { pledgePenaltyForTermination, TERMINATION_LIFETIME_CAP } from '@plimsoll/actors'
import { EPOCHS_IN_DAY, maxBigInt } from '@plimsoll/primitives'
import type { Driver } from '../driver.ts'
import { allOf, expectEqual, expectTrue, type NamedOutcome } from '../outcome.ts'
import { readJson } from '../vector-file.ts'

interface PoolFigures {
  readonly miners: readonly {
    readonly miner: string
    readonly balance: string
    readonly initialPledge: string
    readonly liveSectors: number
    readonly terminationFee: string
    readonly liquidationValue: string
  }[]
  readonly agents: readonly {
    readonly agent: number
    readonly initialPledge: string
    readonly terminationFee: string
    readonly check_85_1000: string
  }[]
}

/** More miners than a lender's agent has; each of them floors its fee once. */
const MAX_AGENT_MINERS = 10n

/**
 * A lender's figures at the first epochs of FIP-0098: miners without sectors, exactly; and an agent whose fee is
 * a sum of floors over miners that are not published, and so at most one attoFIL a miner below ours.
 */
export const goPools: Driver = {
  family: 'go-pools',
  handles: ({ name }) => /^mainnet_nv25_epoch\d+\.json$/.test(name),
  *run({ path }): Generator<NamedOutcome> {
    const { miners, agents } = readJson<PoolFigures>(path)
    for (const { miner, balance, initialPledge, terminationFee, liquidationValue } of miners) {
      const fee = feeAtFullAge(initialPledge)
      // The lender's liquidation value of a miner knows no fee debt; the debt is taken from its agent.
      const value = maxBigInt(BigInt(balance) - fee, 0n)
      yield [miner, allOf([expectEqual(terminationFee, fee), expectEqual(liquidationValue, value)])]
    }
    for (const { agent, initialPledge, terminationFee, check_85_1000: bound } of agents) {
      const fee = feeAtFullAge(initialPledge)
      const floored = fee - BigInt(terminationFee)
      yield [
        `agent ${agent}`,
        allOf([
          expectEqual(bound, fee),
          expectTrue(
            floored >= 0n && floored < MAX_AGENT_MINERS,
            () => `${floored} attoFIL below our ${fee}`,
          ),
        ]),
      ]
    }
  },
}

function feeAtFullAge(initialPledge: string): bigint {
  return pledgePenaltyForTermination(BigInt(initialPledge), TERMINATION_LIFETIME_CAP * EPOCHS_IN_DAY, 0n)
}
