import { readFile } from 'node:fs/promises'
import type { BaseError } from '@plimsoll/primitives'
import { UsageError } from './errors.ts'

/**
 * Reads a file of JSON.
 *
 * @param invalid the error for a file that is no JSON, from what is wrong with it
 * @throws {UsageError} `FILE_UNREADABLE`
 */
export async function readJsonFile(path: string, invalid: (reason: string) => BaseError): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const message = `cannot read ${path}: ${(error as Error).message}`
    throw new UsageError('FILE_UNREADABLE', message, { path }, error)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(`is not JSON: ${(error as Error).message}`)
  }
}
