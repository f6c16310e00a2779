import { CALIBRATION_CODE_CIDS } from './calibration.ts'
import type { ActorName, CodeCidTable } from './code-cid-table.ts'
import { MAINNET_CODE_CIDS } from './mainnet.ts'

/** Which actor a code CID stands for; `actorsVersion` is undefined where several versions share the code. */
export interface ActorCode {
  readonly name: ActorName
  readonly actorsVersion: number | undefined
}

/**
 * Looks a code CID, in text, up in the tables of mainnet and of the calibration network.
 *
 * Some code did not change from one version to the next (the placeholder never did); such a CID tells the
 * actor's name but not the version.
 */
export function findActorCode(codeCid: string): ActorCode | undefined {
  return ACTOR_CODES.get(codeCid)
}

const ACTOR_CODES = indexTables([MAINNET_CODE_CIDS, CALIBRATION_CODE_CIDS])

function indexTables(tables: readonly CodeCidTable[]): ReadonlyMap<string, ActorCode> {
  const index = new Map<string, ActorCode>()
  for (const table of tables) {
    for (const [release, codes] of Object.entries(table)) {
      for (const [name, codeCid] of Object.entries(codes) as [ActorName, string][]) {
        const actorsVersion = Number.parseInt(release, 10)
        const known = index.get(codeCid)
        const isShared = known !== undefined && known.actorsVersion !== actorsVersion
        index.set(codeCid, { name, actorsVersion: isShared ? undefined : actorsVersion })
      }
    }
  }
  return index
}
