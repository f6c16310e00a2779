/** The built-in actors by the names that their manifest gives them. */
export const ACTOR_NAMES = [
  'account',
  'cron',
  'datacap',
  'eam',
  'ethaccount',
  'evm',
  'init',
  'multisig',
  'paymentchannel',
  'placeholder',
  'reward',
  'storagemarket',
  'storageminer',
  'storagepower',
  'system',
  'verifiedregistry',
] as const
export type ActorName = (typeof ACTOR_NAMES)[number]

/** Actor name to code CID in text, by actors release (`16.0.1`, or `16.0.0-rc3` on a test network). */
export type CodeCidTable = Readonly<Record<string, Readonly<Partial<Record<ActorName, string>>>>>

export function isActorName(name: string): name is ActorName {
  return (ACTOR_NAMES as readonly string[]).includes(name)
}
