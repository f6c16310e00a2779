import { METHOD_SEND } from '@plimsoll/actors'
import {
  type Address,
  AddressProtocol,
  ATTO_FIL_PER_FIL,
  type AttoFil,
  addressFromBytes,
} from '@plimsoll/primitives'
import { randomSource } from '../random.ts'
import { requireOk } from './send.ts'
import type { TestAccount, TestNetwork } from './test-network.ts'

const BLS_KEY_BYTES = 48
const PLENTY = 1_000_000n * ATTO_FIL_PER_FIL

/** Makes an account by sending FIL to a key that nobody has used yet. */
export function createAccount(
  network: Pick<TestNetwork, 'vm' | 'made'>,
  balance: AttoFil = PLENTY,
): TestAccount {
  network.made.accounts++
  const key = blsKey(network.made.accounts)
  give(network, key, balance)
  const id = network.vm.resolveAddress(key)
  if (id === undefined) {
    throw new Error('no account was made')
  }
  return { id, key }
}

/** Gives an actor FIL of the system's. */
export function give({ vm }: Pick<TestNetwork, 'vm'>, to: Address, value: AttoFil): void {
  requireOk('a gift', vm.applyImplicitMessage({ to, value, method: METHOD_SEND, params: null }))
}

function blsKey(seed: number): Address {
  const bytes = randomSource(seed).bytes(1 + BLS_KEY_BYTES)
  bytes[0] = AddressProtocol.Bls
  return addressFromBytes(bytes)
}
