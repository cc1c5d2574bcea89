/** What panels say without the API of an organisation. */
export const NO_ORGANIZATION = 'no organisation configured'
