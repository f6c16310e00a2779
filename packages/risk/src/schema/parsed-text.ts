import { BaseError } from '@plimsoll/primitives'
import { z } from 'zod'

/**
 * A text of a file that a parser of ours reads. An error of the parser, or a value that is not allowed, becomes
 * an issue of the schema, so that it comes out with its place.
 */
export function parsedText<T>(
  parse: (text: string) => T,
  example: string,
  isAllowed: (value: T) => boolean = () => true,
) {
  return z.string().transform((text, context): T => {
    try {
      const value = parse(text)
      if (isAllowed(value)) {
        return value
      }
    } catch (error) {
      if (!(error instanceof BaseError)) {
        throw error
      }
    }
    context.addIssue(`"${text}" is not ${example}`)
    return z.NEVER
  })
}
