import type { Address, Hashes } from '@plimsoll/primitives'
import type { Vm } from '@plimsoll/vm'

/** An account by its ID address and by the BLS key that it stands for. */
export interface TestAccount {
  readonly id: Address
  readonly key: Address
}

/** A network of its own on the real machine, on which everything is done by messages. */
export interface TestNetwork {
  readonly vm: Vm
  readonly hashes: Hashes
  /** The multisig that makes verifiers, and its only signer. */
  readonly registryRoot: Address
  readonly registrySigner: TestAccount
  /** Miners in the order of their creation: those whose deadlines `advanceTo` looks at. */
  readonly miners: Address[]
  /** How many accounts and pieces of data were made up, so that the next is another one. */
  readonly made: { accounts: number; pieces: number }
}
