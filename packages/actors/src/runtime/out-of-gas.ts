import { type BitField, countBits } from '@plimsoll/ipld'

/** The message ends here with `SYS_OUT_OF_GAS`, wherever in it this happens, and nothing of it stands. */
export class OutOfGas extends Error {}

/**
 * How many members of a set a message can have looked into one after another at most: each opens a block or more, for
 * 187,440 gas, and no block of the chain has more than 10^10.
 *
 * Source: ref-fvm `fvm/src/gas/price_list.rs`, `block_open`; filecoin-project/lotus
 * `build/buildconstants/params_shared_vals.go`, `BlockGasLimit`.
 */
export const PAYABLE_MEMBERS_MAX = Math.floor(10_000_000_000 / 187_440)

/**
 * Ends a message that names more than anybody could pay for. The reference begins to look into them, and gas ends it;
 * a run of 2^60 members takes a dozen bytes, and a machine without a meter would never come back.
 *
 * @throws {OutOfGas}
 */
export function requirePayable(members: BitField): void {
  const count = countBits(members)
  if (count > PAYABLE_MEMBERS_MAX) {
    throw new OutOfGas(`${count} members, and no gas limit pays for more than ${PAYABLE_MEMBERS_MAX}`)
  }
}
