import { type Cid, findIdentityText, formatCid, load, within } from '@plimsoll/ipld'
import { type ActorName, findActorCode, isActorName, SYSTEM_ACTOR_ID } from '@plimsoll/primitives'
import { type ActorsVersion, NEWEST_ACTORS_VERSION, requireActorsVersion } from '../actors-version.ts'
import { StateError } from '../errors.ts'
import { BuiltinActors, SystemState } from '../system/state.ts'
import { type ActorRecord, loadActorState } from './actor-record.ts'
import { requireActor, type StateTree } from './state-tree.ts'

/** Which code belongs to which actor in one state, and of which version all of them are. */
export interface ActorCodes {
  readonly version: ActorsVersion
  /** @throws {StateError} `UNKNOWN_ACTOR_CODE` */
  nameOf(code: Cid): ActorName
}

/**
 * Finds out what the code CIDs of a state mean.
 *
 * Names come from the manifest that the system actor's state holds, then from the tables of mainnet and of the
 * calibration network, then from identity CIDs. The version comes from the tables or from identity CIDs, where
 * `fil/N/name` is version N and `fil/test/name` the newest, unless `givenVersion` says otherwise.
 *
 * @throws {StateError} `UNKNOWN_ACTORS_VERSION`, `UNSUPPORTED_ACTORS_VERSION`, `ACTORS_VERSION_CONTRADICTED`
 */
export function loadActorCodes(tree: StateTree, givenVersion?: number): ActorCodes {
  const system = requireActor(tree, SYSTEM_ACTOR_ID)
  const version = settleVersion(identifyCode(system.code), givenVersion, system.code)
  const manifest = within('f00', () => loadManifest(tree, system))
  return {
    version,
    nameOf: (code) => {
      const name = manifest.get(code) ?? identifyCode(code)?.name
      if (name === undefined) {
        throw new StateError('UNKNOWN_ACTOR_CODE', `no built-in actor has the code ${formatCid(code)}`, {
          code: formatCid(code),
        })
      }
      return name
    },
  }
}

/** What a code CID says by itself. `version` is undefined in a test's code, which is of any version. */
interface IdentifiedCode {
  readonly name: ActorName
  readonly version: number | undefined
  readonly isTest: boolean
}

function identifyCode(code: Cid): IdentifiedCode | undefined {
  const known = findActorCode(formatCid(code))
  if (known !== undefined) {
    return { name: known.name, version: known.actorsVersion, isTest: false }
  }
  const match = /^fil\/(\d{1,3}|test)\/([a-z]+)$/.exec(findIdentityText(code) ?? '')
  const [, version = '', name = ''] = match ?? []
  if (!isActorName(name)) {
    return undefined
  }
  return version === 'test'
    ? { name, version: undefined, isTest: true }
    : { name, version: Number(version), isTest: false }
}

function settleVersion(
  system: IdentifiedCode | undefined,
  given: number | undefined,
  code: Cid,
): ActorsVersion {
  const known = system?.version
  if (known !== undefined && given !== undefined && known !== given) {
    throw new StateError(
      'ACTORS_VERSION_CONTRADICTED',
      `the state is of actors v${known}, not v${given}: its code CIDs say so`,
      { known, given },
    )
  }
  const version = known ?? given ?? (system?.isTest ? NEWEST_ACTORS_VERSION : undefined)
  if (version === undefined) {
    throw new StateError(
      'UNKNOWN_ACTORS_VERSION',
      `the system actor's code ${formatCid(code)} is of no known network; give the actors version`,
      { code: formatCid(code) },
    )
  }
  return requireActorsVersion(version)
}

/** The registry, without names that are not of built-in actors. Empty before v8 and in tests. */
function loadManifest({ store }: StateTree, system: ActorRecord): ReadonlyMap<Cid, ActorName> {
  const { builtinActors } = loadActorState(store, SystemState, system)
  const manifest = new Map<Cid, ActorName>()
  for (const { name, code } of within('builtinActors', () => load(store, BuiltinActors, builtinActors))) {
    if (isActorName(name)) {
      manifest.set(code, name)
    }
  }
  return manifest
}
