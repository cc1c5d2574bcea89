/** Of a figure of the two lines at the top. Titles longer than 17 letters would be cut. */
export const STAT = { width: 3, height: 3 } as const
