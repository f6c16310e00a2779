import { createMemoryBlockstore, load, save, tuple, uint } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { draftOf, loadDraft, saveDraft, valueOfDraft } from './draft.ts'

const Pair = tuple('Pair', { left: uint, right: uint })
const store = createMemoryBlockstore(await createHashes())

describe('a draft', () => {
  test('is changed and the value is not', () => {
    const value = { left: 1, right: 2 }
    const draft = draftOf(value)
    draft.left = 7
    expect(value).toEqual({ left: 1, right: 2 })
    expect(draft).toEqual({ left: 7, right: 2 })
  })

  test('becomes a value that stays when the draft is changed on', () => {
    const draft = draftOf({ left: 1, right: 2 })
    const value = valueOfDraft(draft)
    draft.right = 9
    expect(value).toEqual({ left: 1, right: 2 })
  })

  test('is loaded and saved as the value that it is of', () => {
    const link = save(store, Pair, { left: 1, right: 2 })
    const draft = loadDraft(store, Pair, link)
    draft.right++
    const saved = saveDraft(store, Pair, draft)
    expect(load(store, Pair, saved)).toEqual({ left: 1, right: 3 })
    expect(load(store, Pair, link)).toEqual({ left: 1, right: 2 })
  })
})
