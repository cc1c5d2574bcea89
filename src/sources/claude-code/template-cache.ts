import type { LineTemplate } from './line-template.ts'

const TEMPLATES_LIMIT = 8
/** A line without its content has about 1 KB. */
const TEMPLATE_LIMIT_BYTES = 4096

/** The shapes that lines have had lately. */
export class TemplateCache<Meaning> {
  readonly #templates: LineTemplate<Meaning>[] = []

  /** The meaning of a template that is the start of the line in `[start, end)`, or all of it where `isWhole`. */
  find(block: Buffer, view: DataView, start: number, end: number, isWhole: boolean): Meaning | null {
    for (let index = 0; index < this.#templates.length; index++) {
      const template = this.#templates[index]
      const matched = template?.match(block, view, start, end) ?? -1
      if (template === undefined || (isWhole ? matched !== end : matched === -1)) continue
      this.#advance(index)
      return template.meaning
    }
    return null
  }

  add(template: LineTemplate<Meaning>): void {
    if (template.lengthBytes > TEMPLATE_LIMIT_BYTES) return
    this.#templates.unshift(template)
    if (this.#templates.length > TEMPLATES_LIMIT) this.#templates.pop()
  }

  /** Frequent shapes move to the front; the first two may keep their order, so that taking turns costs no moves. */
  #advance(index: number): void {
    if (index < 2) return
    const [template] = this.#templates.splice(index, 1)
    if (template !== undefined) this.#templates.unshift(template)
  }
}
