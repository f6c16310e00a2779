import { address } from '@plimsoll/ipld'
import { type ActorCode, method } from '../runtime/dispatch.ts'
import { acceptExportedMethods } from '../runtime/fallback.ts'
import { authenticateMessage } from './methods/authenticate-message.ts'
import { accountConstructor } from './methods/constructor.ts'
import { pubkeyAddress } from './methods/pubkey-address.ts'
import {
  AUTHENTICATE_MESSAGE_METHOD,
  AuthenticateMessageParams,
  AuthenticateMessageReturn,
  PUBKEY_ADDRESS_METHOD,
} from './types.ts'

/** The methods of an account. Source: the same file. */
export const ACCOUNT_ACTOR: ActorCode = {
  name: 'account',
  methods: new Map([
    [1, method('Constructor', { params: address }, accountConstructor)],
    [PUBKEY_ADDRESS_METHOD, method('PubkeyAddress', { returns: address }, pubkeyAddress)],
    [
      AUTHENTICATE_MESSAGE_METHOD,
      method(
        'AuthenticateMessageExported',
        { params: AuthenticateMessageParams, returns: AuthenticateMessageReturn },
        authenticateMessage,
      ),
    ],
  ]),
  fallback: acceptExportedMethods,
}
