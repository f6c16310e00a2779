import { describe, expect, test } from 'vitest'
import { EPOCHS_IN_DAY } from './chain-epoch.ts'
import { CALIBRATION_CODE_CIDS } from './code-cids/calibration.ts'
import { MAINNET_CODE_CIDS } from './code-cids/mainnet.ts'
import { BUTTERFLY, CALIBRATION, findNetwork, findUpgradeAt, MAINNET } from './networks.ts'

const NETWORKS = [MAINNET, CALIBRATION, BUTTERFLY]

describe('findNetwork', () => {
  // What `network_name` of the init actor's state says; mainnet kept the name of its rehearsal.
  test.each([
    { state: 'testnetnet', network: MAINNET },
    { state: 'calibrationnet', network: CALIBRATION },
    { state: 'butterflynet', network: BUTTERFLY },
  ])('takes "$state" for $network.name', ({ state, network }) => {
    expect(findNetwork(state)).toBe(network)
  })

  test.each(['mainnet', 'calibration', 'localnet', ''])('does not know "%s"', (state) => {
    expect(findNetwork(state)).toBeUndefined()
  })
})

describe('the networks', () => {
  // builtin-actors v18, `runtime/src/runtime/policy.rs`, MINIMUM_CONSENSUS_POWER, by the features of `runtime/build.rs`.
  test.each([
    { network: MAINNET, power: 10n * 1024n ** 4n, text: '10 TiB' },
    { network: CALIBRATION, power: 32n * 1024n ** 3n, text: '32 GiB' },
    { network: BUTTERFLY, power: 2n * 1024n ** 3n, text: '2 GiB' },
  ])('$network.name counts a miner in consensus from $text on', ({ network, power }) => {
    expect(network.minimumConsensusPower).toBe(power)
  })

  test('write addresses with f on mainnet and with t elsewhere', () => {
    expect(NETWORKS.map(({ addressPrefix }) => addressPrefix)).toEqual(['f', 't', 't'])
  })

  test('begin at a known time unless they begin anew', () => {
    expect(NETWORKS.map(({ genesisUnixSeconds }) => genesisUnixSeconds !== undefined)).toEqual([
      true,
      true,
      false,
    ])
  })

  test.each([MAINNET, CALIBRATION])(
    '$name has its upgrades in ascending order without a gap',
    ({ upgrades }) => {
      upgrades.slice(1).forEach((upgrade, i) => {
        expect(upgrade.epoch).toBeGreaterThan(upgrades[i]?.epoch ?? Number.NaN)
        expect(upgrade.networkVersion).toBe((upgrades[i]?.networkVersion ?? Number.NaN) + 1)
        expect(upgrade.actorsVersion).toBeGreaterThanOrEqual(upgrades[i]?.actorsVersion ?? Number.NaN)
      })
    },
  )

  // Two upgrades changed rules and not the actors: 19 to 20 the proofs that are accepted, 25 to 26 the fees.
  test('have the same versions and names of their upgrades', () => {
    const versions = ({ upgrades }: typeof MAINNET) =>
      upgrades.map(({ networkVersion, actorsVersion, name }) => [networkVersion, actorsVersion, name])
    expect(versions(CALIBRATION)).toEqual(versions(MAINNET))
    const actors = MAINNET.upgrades.map(({ actorsVersion }) => actorsVersion)
    expect(actors).toEqual([8, 9, 10, 11, 11, 12, 13, 14, 15, 16, 16, 17, 18])
  })

  test.each([
    { network: MAINNET, table: MAINNET_CODE_CIDS },
    { network: CALIBRATION, table: CALIBRATION_CODE_CIDS },
  ])('$network.name ran the actors whose code is known, and no others', ({ network, table }) => {
    const known = new Set(Object.keys(table).map((release) => Number.parseInt(release, 10)))
    expect(new Set(network.upgrades.map(({ actorsVersion }) => actorsVersion))).toEqual(known)
  })
})

describe('findUpgradeAt', () => {
  // ChainSafe/forest `src/networks/mainnet/mod.rs` and `calibnet/mod.rs`; Thunder and Tock are given there as
  // a number of epochs after the upgrade before them.
  test.each([
    { network: MAINNET, epoch: 1_960_320, version: 16 },
    { network: MAINNET, epoch: 2_383_680, version: 17 },
    { network: MAINNET, epoch: 2_683_348, version: 18 },
    { network: MAINNET, epoch: 2_809_800, version: 19 },
    { network: MAINNET, epoch: 2_809_800 + 21 * EPOCHS_IN_DAY, version: 20 },
    { network: MAINNET, epoch: 3_469_380, version: 21 },
    { network: MAINNET, epoch: 3_855_360, version: 22 },
    { network: MAINNET, epoch: 4_154_640, version: 23 },
    { network: MAINNET, epoch: 4_461_240, version: 24 },
    { network: MAINNET, epoch: 4_878_840, version: 25 },
    { network: MAINNET, epoch: 4_878_840 + 90 * EPOCHS_IN_DAY, version: 26 },
    { network: MAINNET, epoch: 5_348_280, version: 27 },
    { network: MAINNET, epoch: 6_052_800, version: 28 },
    { network: CALIBRATION, epoch: 510, version: 16 },
    { network: CALIBRATION, epoch: 16_800, version: 17 },
    { network: CALIBRATION, epoch: 322_354, version: 18 },
    { network: CALIBRATION, epoch: 489_094, version: 19 },
    { network: CALIBRATION, epoch: 489_094 + 3120, version: 20 },
    { network: CALIBRATION, epoch: 1_013_134, version: 21 },
    { network: CALIBRATION, epoch: 1_427_974, version: 22 },
    { network: CALIBRATION, epoch: 1_779_094, version: 23 },
    { network: CALIBRATION, epoch: 2_078_794, version: 24 },
    { network: CALIBRATION, epoch: 2_523_454, version: 25 },
    { network: CALIBRATION, epoch: 2_523_454 + 7 * EPOCHS_IN_DAY, version: 26 },
    { network: CALIBRATION, epoch: 3_007_294, version: 27 },
    { network: CALIBRATION, epoch: 3_694_534, version: 28 },
  ])(
    'finds version $version on $network.name from epoch $epoch on and not before',
    ({ network, epoch, version }) => {
      const before = version === 16 ? undefined : version - 1
      expect(findUpgradeAt(network, epoch - 1)?.networkVersion).toBe(before)
      expect(findUpgradeAt(network, epoch)?.networkVersion).toBe(version)
      expect(findUpgradeAt(network, epoch + 1)?.networkVersion).toBe(version)
    },
  )

  test('finds the last upgrade of the table ever after', () => {
    expect(findUpgradeAt(MAINNET, 2 ** 53 - 1)?.networkVersion).toBe(28)
  })

  test('finds nothing on a network without a table', () => {
    expect(findUpgradeAt(BUTTERFLY, 1_000_000)).toBeUndefined()
  })
})
