import { address, bytes, cid, text, tuple, type ValueOf } from '@plimsoll/ipld'

/** Source of everything here: builtin-actors v18, `actors/init/src/types.rs`. */

/** Parameters of the constructor. CBOR tuple. */
export const ConstructorParams = tuple('ConstructorParams', { networkName: text })
export type ConstructorParams = ValueOf<typeof ConstructorParams>

/** Parameters of method 2, `Exec`: which code, and what its constructor gets. CBOR tuple. */
export const ExecParams = tuple('ExecParams', { codeCid: cid, constructorParams: bytes })
export type ExecParams = ValueOf<typeof ExecParams>

/** What `Exec` and `Exec4` return. CBOR tuple. */
export const ExecReturn = tuple('ExecReturn', { idAddress: address, robustAddress: address })
export type ExecReturn = ValueOf<typeof ExecReturn>

/** Parameters of method 3, `Exec4`. CBOR tuple. */
export const Exec4Params = tuple('Exec4Params', { codeCid: cid, constructorParams: bytes, subaddress: bytes })
export type Exec4Params = ValueOf<typeof Exec4Params>

/** Source: builtin-actors v18, `actors/init/src/lib.rs`, `Method`. */
export const EXEC_METHOD = 2
