import { bitFieldRange } from '@plimsoll/ipld'
import { describe, expect, test } from 'vitest'
import { OutOfGas, PAYABLE_MEMBERS_MAX, requirePayable } from './out-of-gas.ts'

describe('requirePayable', () => {
  // 10^10 / 187,440 is 53,350.4.
  test('ends a message that names more than a block’s gas pays for', () => {
    expect(PAYABLE_MEMBERS_MAX).toBe(53_350)
    expect(() => requirePayable(bitFieldRange(0, 53_350))).not.toThrow()
    expect(() => requirePayable(bitFieldRange(0, 53_351))).toThrow(OutOfGas)
    expect(() => requirePayable(bitFieldRange(7, 2n ** 63n))).toThrow(OutOfGas)
  })
})
