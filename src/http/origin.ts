/** Browsers name the origin with every POST to another one; programs such as curl do not. */
export function isCrossOrigin({ origin, host }: { origin?: string | undefined; host?: string | undefined }): boolean {
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}
