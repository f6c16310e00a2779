/**
 * Files that are known and cannot be decided yet, by their path below the folder of vectors or a part of it,
 * each with what is missing.
 */
export const SKIPS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/fevm-v18\//, 'contracts are not executed yet'],
  [/\.fvm\.jsonl\.gz$/, 'messages are not executed yet'],
  [/fvm-v18\/gas\.json$/, 'gas is not modelled yet'],
  [/determinism-check\.sha256$/, 'a digest over files that are not published with it'],
  [/lotus\/TestExpFunction\.golden$/, 'the drawing of winners is not implemented yet'],
  [/Test(Lambda|Poisson)Function\/.*\.golden$/, 'the drawing of winners is not implemented yet'],
  [/gas_burn\.json$/, 'gas is not charged yet'],
  [/(block_headers|unsigned_messages|message_signing)\.json$/, 'messages and blocks are not written yet'],
]

/** Files that hold no vectors: descriptions, licences, constants of the test machine, sources of contracts. */
export const NOT_VECTORS: readonly RegExp[] = [/\.md$/, /LICENSE-(APACHE|MIT)$/, /policy\.json$/, /\.sol$/]
