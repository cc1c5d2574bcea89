/** What another transaction did meanwhile asks for this one to be done again. */
export class Repeat extends Error {
  override readonly name = 'Repeat'
  /** As the server says it of a transaction that cannot be put in order with others. */
  readonly code = '40001'
}
