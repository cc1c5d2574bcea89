/** What the script adds to the server's HTML is named so, and no update touches it. */
export const OWN = 'data-client'

/**
 * Makes an element like another one of the same kind, changing no more than differs: what is alike stays the same node,
 * with its focus, selection, scroll position and open details. Children are known again by `data-key` or `id`.
 */
export function morph(current: Element, next: Element): void {
  if (current.isEqualNode(next)) return
  morphAttributes(current, next)
  morphChildren(current, next)
}

function morphAttributes(current: Element, next: Element): void {
  for (const name of current.getAttributeNames()) {
    if (!next.hasAttribute(name) && !isKept(current, name)) current.removeAttribute(name)
  }
  for (const { name, value } of next.attributes) {
    if (current.getAttribute(name) !== value && !isKept(current, name)) current.setAttribute(name, value)
  }
}

/** Whether details are open is up to the person who reads. */
function isKept(element: Element, attribute: string): boolean {
  return attribute.startsWith(OWN) || (attribute === 'open' && element.localName === 'details')
}

function morphChildren(parent: Element, next: Element): void {
  const wanted = [...next.childNodes]
  const known = new Map<string, ChildNode[]>()
  for (const child of parent.childNodes) {
    if (isOwn(child)) continue
    const kind = kindOf(child)
    const alike = known.get(kind)
    if (alike) alike.push(child)
    else known.set(kind, [child])
  }
  const matches = wanted.map((node) => known.get(kindOf(node))?.shift() ?? null)
  for (const gone of [...known.values()].flat()) gone.remove()
  let place = skipOwn(parent.firstChild)
  for (const [index, node] of wanted.entries()) {
    const match = matches[index] ?? null
    if (match === null) {
      parent.insertBefore(document.importNode(node, true), place)
    } else {
      const stays = match === place || holdsAttention(match)
      if (stays) place = clearWay(parent, place, match)
      else move(parent, match, place)
      morphNode(match, node)
    }
  }
}

function morphNode(current: ChildNode, next: ChildNode): void {
  if (current instanceof Element && next instanceof Element) morph(current, next)
  else if (current instanceof CharacterData && next instanceof CharacterData) morphText(current, next.data)
}

/** Only the part that differs, so that a selection beside it stays. */
function morphText(current: CharacterData, next: string): void {
  const { data } = current
  const shorter = Math.min(data.length, next.length)
  let start = 0
  while (start < shorter && data[start] === next[start]) start += 1
  let end = 0
  while (end < shorter - start && data[data.length - 1 - end] === next[next.length - 1 - end]) end += 1
  if (data !== next) current.replaceData(start, data.length - start - end, next.slice(start, next.length - end))
}

/** What somebody selects or has the focus in stays where it is, and everything else moves around it. */
function holdsAttention(node: Node): boolean {
  const { activeElement } = document
  if (activeElement !== null && activeElement !== document.body && node.contains(activeElement)) return true
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && selection.containsNode(node, true)
}

/** Moves what stands between a place and a child after it to the end. Gives the place after the child. */
function clearWay(parent: Element, place: ChildNode | null, child: ChildNode): ChildNode | null {
  let node = place
  while (node !== null && node !== child) {
    const after = skipOwn(node.nextSibling)
    move(parent, node, null)
    node = after
  }
  return skipOwn(child.nextSibling)
}

/** Where the browser can, in one step that keeps focus and scroll positions. */
function move(parent: Element, child: ChildNode, place: ChildNode | null): void {
  if ('moveBefore' in parent && typeof parent.moveBefore === 'function') {
    parent.moveBefore(child, place)
    return
  }
  const focused = document.activeElement
  parent.insertBefore(child, place)
  if (focused instanceof HTMLElement && child.contains(focused)) focused.focus({ preventScroll: true })
}

/** Children of one kind can become each other. */
function kindOf(node: Node): string {
  if (!(node instanceof Element)) return node.nodeName
  const key = node.getAttribute('data-key')
  const name = `${node.namespaceURI} ${node.localName}`
  if (key !== null) return `${name} key ${key}`
  return node.id === '' ? name : `${name} id ${node.id}`
}

function skipOwn(node: ChildNode | null): ChildNode | null {
  let found = node
  while (found !== null && isOwn(found)) found = found.nextSibling
  return found
}

function isOwn(node: Node): boolean {
  return node instanceof Element && node.hasAttribute(OWN)
}
