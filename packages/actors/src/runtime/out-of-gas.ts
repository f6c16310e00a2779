import { type BitField, countBits } from '@plimsoll/ipld'
import { divFloor } from '@plimsoll/primitives'

/** The message ends here with `SYS_OUT_OF_GAS`, wherever in it this happens, and nothing of it stands. */
export class OutOfGas extends Error {}

/** What one block may use; no message can use more. Source: filecoin-project/lotus `build/buildconstants/params_shared_vals.go`. */
export const BLOCK_GAS_LIMIT = 10_000_000_000n

/** What it costs to open a block of state, whatever its size. Source: ref-fvm `fvm/src/gas/price_list.rs`, `block_open`. */
const BLOCK_OPEN_GAS = 187_440n

/** How many members of a set a message can have looked into one after another at most: each opens a block or more. */
export const PAYABLE_MEMBERS_MAX = Number(divFloor(BLOCK_GAS_LIMIT, BLOCK_OPEN_GAS))

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
