import { fc, test } from '@fast-check/vitest'
import { anyCid } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { Cid } from './cid.ts'
import { isSameLink, linkTo, linkToHeld } from './link.ts'

/** A link to a held value, and how often its block was stored. */
function watchedLink(held: unknown, cid: Cid) {
  const stored: Cid[] = []
  const link = linkToHeld<unknown>(held, () => {
    stored.push(cid)
    return cid
  })
  return { link, stored }
}

describe('a link to a CID', () => {
  test.prop([anyCid])('gives that CID and holds nothing until it is told to', (cid) => {
    const link = linkTo<object>(cid)
    expect([link.cid, link.held]).toEqual([cid, undefined])
    const value = {}
    link.hold(value)
    expect(link.held).toBe(value)
    expect(link.cid).toBe(cid)
  })

  test.prop([anyCid, anyCid])('is equal in structure to another one by its CID', (cid, other) => {
    const link = linkTo(cid)
    link.hold({ held: 'or not' })
    expect({ link }).toEqual({ link: linkTo(cid) })
    fc.pre(cid !== other)
    expect({ link }).not.toEqual({ link: linkTo(other) })
  })
})

describe('a link to a value in memory', () => {
  test.prop([anyCid, fc.integer({ min: 1, max: 5 })])(
    'stores its block when its CID is asked for, and only once',
    (cid, times) => {
      const value = {}
      const { link, stored } = watchedLink(value, cid)
      expect(link.held).toBe(value)
      expect(stored).toEqual([])
      for (let i = 0; i < times; i++) {
        expect(link.cid).toBe(cid)
      }
      expect(stored).toEqual([cid])
      expect(link.held).toBe(value)
    },
  )

  test.prop([anyCid])('tries again after its block could not be stored', (cid) => {
    let isBroken = true
    const link = linkToHeld<unknown>({}, () => {
      if (isBroken) {
        throw new Error('no space')
      }
      return cid
    })
    expect(() => link.cid).toThrow('no space')
    isBroken = false
    expect(link.cid).toBe(cid)
  })
})

describe('isSameLink', () => {
  test.prop([anyCid, anyCid])('compares links by what they name', (cid, other) => {
    fc.pre(cid !== other)
    expect(isSameLink(linkTo(cid), linkTo(cid))).toBe(true)
    expect(isSameLink(linkTo(cid), linkTo(other))).toBe(false)
    expect(isSameLink(linkTo(cid), watchedLink({}, cid).link)).toBe(true)
    expect(isSameLink(watchedLink({}, cid).link, linkTo(other))).toBe(false)
  })

  test.prop([anyCid])(
    'stores nothing to compare a link with itself or with one that holds the same',
    (cid) => {
      const value = {}
      const [a, b] = [watchedLink(value, cid), watchedLink(value, cid)]
      expect(isSameLink(a.link, a.link)).toBe(true)
      expect(isSameLink(a.link, b.link)).toBe(true)
      expect([a.stored, b.stored]).toEqual([[], []])
    },
  )

  test.prop([anyCid, anyCid])('stores blocks to compare links that hold different objects', (cid, other) => {
    const [a, b, c] = [watchedLink({}, cid), watchedLink({}, cid), watchedLink({}, other)]
    expect(isSameLink(a.link, b.link)).toBe(true)
    expect(isSameLink(a.link, c.link)).toBe(cid === other)
    expect([a.stored, b.stored, c.stored]).toEqual([[cid], [cid], [other]])
  })
})
