import { type Blockstore, type Codec, type Link, load, save } from '@plimsoll/ipld'

declare const draft: unique symbol

/**
 * A copy of a value whose fields may be replaced. What is stored or was loaded is never changed in place, since
 * links hold it; who wants to change it makes a draft, and what is made of the draft is a value again.
 *
 * The brand keeps a value from being passed where it would be changed. It stands for `&mut` of the reference.
 *
 * Source: builtin-actors v18, `runtime/src/runtime/mod.rs`, `transaction`.
 */
export type Draft<T> = { -readonly [K in keyof T]: T[K] } & { readonly [draft]: true }

export function draftOf<T>(value: T): Draft<T> {
  return { ...value } as Draft<T>
}

/** The value that a draft has become. The draft may be changed on; the value stays. */
export function valueOfDraft<T>(value: Draft<T>): T {
  return { ...value }
}

export function loadDraft<T>(store: Blockstore, codec: Codec<T>, link: Link<T>): Draft<T> {
  return draftOf(load(store, codec, link))
}

export function saveDraft<T>(store: Blockstore, codec: Codec<T>, value: Draft<T>): Link<T> {
  return save(store, codec, valueOfDraft(value))
}
