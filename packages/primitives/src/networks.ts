import type { AddressPrefix } from './address.ts'
import type { ChainEpoch } from './chain-epoch.ts'
import type { StoragePower } from './storage-power.ts'

/** A network version and when a network began to run it. */
export interface NetworkUpgrade {
  readonly networkVersion: number
  readonly actorsVersion: number
  readonly name: string
  /** The first epoch under this version; its state is the upgrade's migration applied to the parent state. */
  readonly epoch: ChainEpoch
}

/** What the network, and not the protocol, decides. */
export interface NetworkParameters {
  readonly name: string
  /** What the init actor's state calls the network. */
  readonly genesisNetworkName: string
  readonly addressPrefix: AddressPrefix
  /** Undefined for a network that begins anew from time to time. */
  readonly genesisUnixSeconds: number | undefined
  /** Raw power from which a miner counts in consensus. Source: builtin-actors v18, `runtime/build.rs`. */
  readonly minimumConsensusPower: StoragePower
  /** Ascending; from network version 16 on, the first whose actors are the ones read here. */
  readonly upgrades: readonly NetworkUpgrade[]
}

/**
 * Mainnet.
 *
 * Source: filecoin-project/lotus `build/buildconstants/params_mainnet.go`; ChainSafe/forest
 * `src/networks/mainnet/mod.rs`.
 */
export const MAINNET: NetworkParameters = {
  name: 'mainnet',
  genesisNetworkName: 'testnetnet',
  addressPrefix: 'f',
  genesisUnixSeconds: 1_598_306_400,
  minimumConsensusPower: 10n << 40n,
  upgrades: [
    { networkVersion: 16, actorsVersion: 8, name: 'Skyr', epoch: 1_960_320 },
    { networkVersion: 17, actorsVersion: 9, name: 'Shark', epoch: 2_383_680 },
    { networkVersion: 18, actorsVersion: 10, name: 'Hygge', epoch: 2_683_348 },
    { networkVersion: 19, actorsVersion: 11, name: 'Lightning', epoch: 2_809_800 },
    { networkVersion: 20, actorsVersion: 11, name: 'Thunder', epoch: 2_870_280 },
    { networkVersion: 21, actorsVersion: 12, name: 'Watermelon', epoch: 3_469_380 },
    { networkVersion: 22, actorsVersion: 13, name: 'Dragon', epoch: 3_855_360 },
    { networkVersion: 23, actorsVersion: 14, name: 'Waffle', epoch: 4_154_640 },
    { networkVersion: 24, actorsVersion: 15, name: 'TukTuk', epoch: 4_461_240 },
    { networkVersion: 25, actorsVersion: 16, name: 'Teep', epoch: 4_878_840 },
    { networkVersion: 26, actorsVersion: 16, name: 'Tock', epoch: 5_138_040 },
    { networkVersion: 27, actorsVersion: 17, name: 'GoldenWeek', epoch: 5_348_280 },
    { networkVersion: 28, actorsVersion: 18, name: 'FireHorse', epoch: 6_052_800 },
  ],
}

/**
 * The calibration test network.
 *
 * Source: filecoin-project/lotus `build/buildconstants/params_calibnet.go`; ChainSafe/forest
 * `src/networks/calibnet/mod.rs`.
 */
export const CALIBRATION: NetworkParameters = {
  name: 'calibration',
  genesisNetworkName: 'calibrationnet',
  addressPrefix: 't',
  genesisUnixSeconds: 1_667_326_380,
  minimumConsensusPower: 32n << 30n,
  upgrades: [
    { networkVersion: 16, actorsVersion: 8, name: 'Skyr', epoch: 510 },
    { networkVersion: 17, actorsVersion: 9, name: 'Shark', epoch: 16_800 },
    { networkVersion: 18, actorsVersion: 10, name: 'Hygge', epoch: 322_354 },
    { networkVersion: 19, actorsVersion: 11, name: 'Lightning', epoch: 489_094 },
    { networkVersion: 20, actorsVersion: 11, name: 'Thunder', epoch: 492_214 },
    { networkVersion: 21, actorsVersion: 12, name: 'Watermelon', epoch: 1_013_134 },
    { networkVersion: 22, actorsVersion: 13, name: 'Dragon', epoch: 1_427_974 },
    { networkVersion: 23, actorsVersion: 14, name: 'Waffle', epoch: 1_779_094 },
    { networkVersion: 24, actorsVersion: 15, name: 'TukTuk', epoch: 2_078_794 },
    { networkVersion: 25, actorsVersion: 16, name: 'Teep', epoch: 2_523_454 },
    { networkVersion: 26, actorsVersion: 16, name: 'Tock', epoch: 2_543_614 },
    { networkVersion: 27, actorsVersion: 17, name: 'GoldenWeek', epoch: 3_007_294 },
    { networkVersion: 28, actorsVersion: 18, name: 'FireHorse', epoch: 3_694_534 },
  ],
}

/** The butterfly test network, which is started anew for every upgrade. */
export const BUTTERFLY: NetworkParameters = {
  name: 'butterfly',
  genesisNetworkName: 'butterflynet',
  addressPrefix: 't',
  genesisUnixSeconds: undefined,
  minimumConsensusPower: 2n << 30n,
  upgrades: [],
}

const NETWORKS: readonly NetworkParameters[] = [MAINNET, CALIBRATION, BUTTERFLY]

/** The network that the init actor's state names, or undefined for one that is not in the tables. */
export function findNetwork(genesisNetworkName: string): NetworkParameters | undefined {
  return NETWORKS.find((network) => network.genesisNetworkName === genesisNetworkName)
}

/** The last upgrade at or before an epoch, or undefined before the first in the table. */
export function findUpgradeAt(network: NetworkParameters, epoch: ChainEpoch): NetworkUpgrade | undefined {
  return network.upgrades.findLast((upgrade) => upgrade.epoch <= epoch)
}
