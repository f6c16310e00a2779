import type { Policy } from '@plimsoll/actors'
import { type BitField, countBits } from '@plimsoll/ipld'

/** Splits parts into batches that a message may name: so many partitions, and so many sectors. */
export function messageBatches<Part extends { readonly sectors: BitField }>(
  { addressedPartitionsMax, addressedSectorsMax }: Policy,
  parts: readonly Part[],
): readonly (readonly Part[])[] {
  const batches: Part[][] = []
  let [batch, sectors]: [Part[], number] = [[], 0]
  for (const part of parts) {
    const count = Number(countBits(part.sectors))
    if (
      batch.length > 0 &&
      (batch.length === addressedPartitionsMax || sectors + count > addressedSectorsMax)
    ) {
      batches.push(batch)
      ;[batch, sectors] = [[], 0]
    }
    batch.push(part)
    sectors += count
  }
  return batch.length === 0 ? batches : [...batches, batch]
}
