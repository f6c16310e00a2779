import { address, bigInt, bytes, type Codec, list, text, tuple, u64, type ValueOf } from '@plimsoll/ipld'

/** Source of what is the token's: actors-utils `frc46_token/src/token/types.rs` and `receiver.rs` (FRC-0046). */

/** Tokens in the smallest unit, of which 10^18 are one byte of DataCap. */
export type TokenAmount = bigint
export const tokenAmount: Codec<TokenAmount> = { ...bigInt, name: 'tokenAmount' }

/** The smallest units of one whole token. Source: actors-utils `frc46_token/src/token/mod.rs`. */
export const TOKEN_PRECISION = 10n ** 18n

/**
 * What every balance is a multiple of; allowances need not be. Source: builtin-actors v18, `actors/datacap/src/lib.rs`,
 * `DATACAP_GRANULARITY`.
 */
export const DATACAP_GRANULARITY: TokenAmount = TOKEN_PRECISION

/** Parameters of the constructor: who may mint and destroy. Source: builtin-actors v18, `actors/datacap/src/types.rs`. */
export const ConstructorParams = address

/** What the getters return. Source: builtin-actors v18, `actors/datacap/src/types.rs`. */
export const NameReturn = text
export const SymbolReturn = text
export const GranularityReturn = u64
export const TotalSupplyReturn = tokenAmount
export const BalanceParams = address
export const BalanceReturn = tokenAmount
export const GetAllowanceReturn = tokenAmount

/** Parameters of `Mint`: the operators get an allowance without end. CBOR tuple. Source: the same file. */
export const MintParams = tuple('MintParams', { to: address, amount: tokenAmount, operators: list(address) })
export type MintParams = ValueOf<typeof MintParams>

/** Parameters of `Destroy`. CBOR tuple. Source: the same file. */
export const DestroyParams = tuple('DestroyParams', { owner: address, amount: tokenAmount })
export type DestroyParams = ValueOf<typeof DestroyParams>

/** What `Mint` returns: the new balance and supply, and what the receiver answered. CBOR tuple. */
export const MintReturn = tuple('MintReturn', {
  balance: tokenAmount,
  supply: tokenAmount,
  recipientData: bytes,
})
export type MintReturn = ValueOf<typeof MintReturn>

/** Parameters of `Transfer`; the receiver gets the operator's data. CBOR tuple. */
export const TransferParams = tuple('TransferParams', {
  to: address,
  amount: tokenAmount,
  operatorData: bytes,
})
export type TransferParams = ValueOf<typeof TransferParams>

/** What `Transfer` returns. CBOR tuple. */
export const TransferReturn = tuple('TransferReturn', {
  fromBalance: tokenAmount,
  toBalance: tokenAmount,
  recipientData: bytes,
})
export type TransferReturn = ValueOf<typeof TransferReturn>

/** Parameters of `TransferFrom`. CBOR tuple. */
export const TransferFromParams = tuple('TransferFromParams', {
  from: address,
  to: address,
  amount: tokenAmount,
  operatorData: bytes,
})
export type TransferFromParams = ValueOf<typeof TransferFromParams>

/** What `TransferFrom` returns, with what is left of the allowance. CBOR tuple. */
export const TransferFromReturn = tuple('TransferFromReturn', {
  fromBalance: tokenAmount,
  toBalance: tokenAmount,
  allowance: tokenAmount,
  recipientData: bytes,
})
export type TransferFromReturn = ValueOf<typeof TransferFromReturn>

/** Parameters of `IncreaseAllowance`. CBOR tuple. */
export const IncreaseAllowanceParams = tuple('IncreaseAllowanceParams', {
  operator: address,
  increase: tokenAmount,
})
export type IncreaseAllowanceParams = ValueOf<typeof IncreaseAllowanceParams>

/** Parameters of `DecreaseAllowance`. CBOR tuple. */
export const DecreaseAllowanceParams = tuple('DecreaseAllowanceParams', {
  operator: address,
  decrease: tokenAmount,
})
export type DecreaseAllowanceParams = ValueOf<typeof DecreaseAllowanceParams>

/** Parameters of `RevokeAllowance`. CBOR tuple. */
export const RevokeAllowanceParams = tuple('RevokeAllowanceParams', { operator: address })
export type RevokeAllowanceParams = ValueOf<typeof RevokeAllowanceParams>

/**
 * What the methods that change an allowance return: the new one, and the old one where it is revoked.
 *
 * Source: builtin-actors v18, `actors/datacap/src/types.rs`.
 */
export const AllowanceReturn = tokenAmount

/** Parameters of `Allowance`. CBOR tuple. */
export const GetAllowanceParams = tuple('GetAllowanceParams', { owner: address, operator: address })
export type GetAllowanceParams = ValueOf<typeof GetAllowanceParams>

/** Parameters of `Burn`. CBOR tuple. */
export const BurnParams = tuple('BurnParams', { amount: tokenAmount })
export type BurnParams = ValueOf<typeof BurnParams>

/** What `Burn` and `Destroy` return: the new balance. CBOR tuple. */
export const BurnReturn = tuple('BurnReturn', { balance: tokenAmount })
export type BurnReturn = ValueOf<typeof BurnReturn>

/** Parameters of `BurnFrom`. CBOR tuple. */
export const BurnFromParams = tuple('BurnFromParams', { owner: address, amount: tokenAmount })
export type BurnFromParams = ValueOf<typeof BurnFromParams>

/** What `BurnFrom` returns: the new balance and what is left of the allowance. CBOR tuple. */
export const BurnFromReturn = tuple('BurnFromReturn', { balance: tokenAmount, allowance: tokenAmount })
export type BurnFromReturn = ValueOf<typeof BurnFromReturn>

/** What a receiver of tokens is told; ids of actors. CBOR tuple. */
export const Frc46TokenReceived = tuple('FRC46TokenReceived', {
  from: u64,
  to: u64,
  operator: u64,
  amount: tokenAmount,
  operatorData: bytes,
  tokenData: bytes,
})
export type Frc46TokenReceived = ValueOf<typeof Frc46TokenReceived>

/** The type under which a receiver is told of tokens: FRC-0042 of `FRC46`. */
export const FRC46_TOKEN_TYPE = 2233613279

/** FRC-0042 of the methods that other actors call. Source: builtin-actors v18, `actors/datacap/src/lib.rs`, `Method`. */
export const MINT_METHOD = 116935346
export const DESTROY_METHOD = 2624896501
export const BALANCE_METHOD = 3261979605
export const TRANSFER_METHOD = 80475954
export const TRANSFER_FROM_METHOD = 3621052141
export const BURN_METHOD = 1434719642
