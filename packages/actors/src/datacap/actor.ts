import { type ActorCode, method } from '../runtime/dispatch.ts'
import { burn, burnFrom, destroy } from './methods/burn.ts'
import { decreaseAllowance, increaseAllowance, revokeAllowance } from './methods/change-allowance.ts'
import { datacapConstructor } from './methods/constructor.ts'
import { allowance, balance, granularity, name, symbol, totalSupply } from './methods/getters.ts'
import { mint } from './methods/mint.ts'
import { transfer, transferFrom } from './methods/transfer.ts'
import {
  AllowanceReturn,
  BALANCE_METHOD,
  BalanceParams,
  BalanceReturn,
  BURN_METHOD,
  BurnFromParams,
  BurnFromReturn,
  BurnParams,
  BurnReturn,
  ConstructorParams,
  DESTROY_METHOD,
  DecreaseAllowanceParams,
  DestroyParams,
  GetAllowanceParams,
  GetAllowanceReturn,
  GranularityReturn,
  IncreaseAllowanceParams,
  MINT_METHOD,
  MintParams,
  MintReturn,
  NameReturn,
  RevokeAllowanceParams,
  SymbolReturn,
  TotalSupplyReturn,
  TRANSFER_FROM_METHOD,
  TRANSFER_METHOD,
  TransferFromParams,
  TransferFromReturn,
  TransferParams,
  TransferReturn,
} from './types.ts'

/** The methods of the datacap actor. Source: builtin-actors v18, `actors/datacap/src/lib.rs`, `Method`. */
export const DATACAP_ACTOR: ActorCode = {
  name: 'datacap',
  methods: new Map([
    [1, method('Constructor', { params: ConstructorParams }, datacapConstructor)],
    [MINT_METHOD, method('MintExported', { params: MintParams, returns: MintReturn }, mint)],
    [DESTROY_METHOD, method('DestroyExported', { params: DestroyParams, returns: BurnReturn }, destroy)],
    [48890204, method('NameExported', { returns: NameReturn }, name)],
    [2061153854, method('SymbolExported', { returns: SymbolReturn }, symbol)],
    [3936767397, method('GranularityExported', { returns: GranularityReturn }, granularity)],
    [114981429, method('TotalSupplyExported', { returns: TotalSupplyReturn }, totalSupply)],
    [BALANCE_METHOD, method('BalanceExported', { params: BalanceParams, returns: BalanceReturn }, balance)],
    [
      TRANSFER_METHOD,
      method('TransferExported', { params: TransferParams, returns: TransferReturn }, transfer),
    ],
    [
      TRANSFER_FROM_METHOD,
      method(
        'TransferFromExported',
        { params: TransferFromParams, returns: TransferFromReturn },
        transferFrom,
      ),
    ],
    [
      1777121560,
      method(
        'IncreaseAllowanceExported',
        { params: IncreaseAllowanceParams, returns: AllowanceReturn },
        increaseAllowance,
      ),
    ],
    [
      1529376545,
      method(
        'DecreaseAllowanceExported',
        { params: DecreaseAllowanceParams, returns: AllowanceReturn },
        decreaseAllowance,
      ),
    ],
    [
      2765635761,
      method(
        'RevokeAllowanceExported',
        { params: RevokeAllowanceParams, returns: AllowanceReturn },
        revokeAllowance,
      ),
    ],
    [BURN_METHOD, method('BurnExported', { params: BurnParams, returns: BurnReturn }, burn)],
    [2979674018, method('BurnFromExported', { params: BurnFromParams, returns: BurnFromReturn }, burnFrom)],
    [
      4205072950,
      method('AllowanceExported', { params: GetAllowanceParams, returns: GetAllowanceReturn }, allowance),
    ],
  ]),
}
