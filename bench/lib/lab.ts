import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TreeOptions } from '../tree/plan.ts'
import { generateTree, type Truth } from '../tree/tree.ts'
import { type Ccusage, installCcusage } from './ccusage.ts'
import { findGnuTime, run, runTimed, type TimedResult } from './child.ts'
import { checkLedger, type Place, syncCommand } from './exporter.ts'

const SEED = 1

type TreeShape = Omit<TreeOptions, 'directory' | 'seed' | 'nowMs'>

export interface LabOptions {
  /** Where trees are kept between runs; null: nowhere, they are made anew and removed. */
  readonly treeFolder: string | null
  /** Size of the tree of the first load, in bytes, and of the larger one for memory. */
  readonly bytes: number
  readonly largeBytes: number
  /** How often each side of a comparison is run. */
  readonly runs: number
  readonly nowMs: number
}

export interface Tree {
  readonly folder: string
  readonly truth: Truth
  /** For the table. */
  readonly description: string
}

export interface LoadedLedger {
  readonly tree: Tree
  readonly place: Place
  /** What the load took; null where it could not be measured. */
  readonly load: TimedResult | null
}

/** Everything the rows share: folders, trees, the loaded ledger, the peer. Made when first asked for. */
export class Lab {
  readonly options: LabOptions
  readonly folder: string
  /** Null where GNU time is not installed. */
  readonly gnuTime: string | null
  #folders = 0
  #ccusage: Promise<Ccusage | null> | undefined
  #many: Promise<LoadedLedger> | undefined
  readonly #trees = new Map<string, Promise<Tree>>()

  private constructor(options: LabOptions, folder: string, gnuTime: string | null) {
    this.options = options
    this.folder = folder
    this.gnuTime = gnuTime
  }

  static async open(options: LabOptions): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), 'claude-usage-exporter-bench-'))
    return new Lab(options, folder, await findGnuTime())
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 })
  }

  note(text: string): void {
    console.error(`bench: ${text}`)
  }

  ccusage(): Promise<Ccusage | null> {
    this.#ccusage ??= installCcusage(join(this.folder, 'ccusage'))
    return this.#ccusage
  }

  /** A tree with a new ledger beside it. */
  async place(tree: Tree): Promise<Place> {
    return {
      configFolder: tree.folder,
      storage: await this.newFolder('ledger'),
      home: await this.newFolder('home'),
    }
  }

  async newFolder(name: string): Promise<string> {
    const folder = join(this.folder, `${name}-${++this.#folders}`)
    await mkdir(folder, { recursive: true })
    return folder
  }

  /** As many files as a real machine has for so many bytes: 3,000 for 1 GB. */
  ordinaryTree(bytes: number): Promise<Tree> {
    const files = Math.max(20, Math.round((bytes / 1e9) * 3000))
    return this.tree('ordinary', { bytes, responses: null, files, projects: 20, isCompact: false })
  }

  /** 10,000 files with a million responses, loaded into a ledger once for all rows that need it. */
  loadedLedger(): Promise<LoadedLedger> {
    this.#many ??= this.#loadMany()
    return this.#many
  }

  /** Makes a tree, or takes the one that an earlier run made with the same options. */
  tree(name: string, options: TreeShape): Promise<Tree> {
    const id = `${name}-${options.bytes ?? options.responses}-${options.files}`
    const known = this.#trees.get(id)
    if (known !== undefined) return known
    const tree = this.#makeTree(id, options)
    this.#trees.set(id, tree)
    return tree
  }

  /** A tree that may be written to: it is made anew and never kept. */
  async freshTree(name: string, options: TreeShape): Promise<Tree> {
    return this.#generate(await this.newFolder(name), options)
  }

  async #makeTree(id: string, options: TreeShape): Promise<Tree> {
    const folder = join(this.options.treeFolder ?? this.folder, id)
    const kept = await readFile(join(folder, 'truth.json'), 'utf8').then(
      (text) => JSON.parse(text) as Truth,
      () => null,
    )
    const wanted = this.#treeOptions(folder, options)
    if (kept !== null && JSON.stringify(sorted(kept.options)) === JSON.stringify(sorted(wanted))) {
      return { folder, truth: kept, description: describe(kept) }
    }
    this.note(`generating ${id}`)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    return this.#generate(folder, options)
  }

  #generate(folder: string, options: TreeShape): Tree {
    const truth = generateTree(this.#treeOptions(folder, options))
    return { folder, truth, description: describe(truth) }
  }

  #treeOptions(directory: string, options: TreeShape): TreeOptions {
    return { directory, seed: SEED, ...options, nowMs: this.options.nowMs }
  }

  async #loadMany(): Promise<LoadedLedger> {
    const tree = await this.tree('many', {
      bytes: null,
      responses: 1_000_000,
      files: 10_000,
      projects: 15,
      isCompact: true,
    })
    const place = await this.place(tree)
    this.note('loading a million responses')
    const command = syncCommand(place)
    const load = this.gnuTime === null ? null : await runTimed(command, this.gnuTime, this.folder)
    if (load === null) await run(command)
    await checkLedger(place, tree.truth)
    return { tree, place, load }
  }
}

function describe({ files, written, total }: Truth): string {
  const count = (value: number) => value.toLocaleString('en')
  return `${(written.bytes / 1e9).toFixed(2)} GB in ${count(files)} files, ${count(written.lines)} lines, ${count(total.responses)} responses`
}

function sorted(options: TreeOptions): [string, unknown][] {
  return Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
