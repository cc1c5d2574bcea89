/** Matchers for classes of tokens. */
export const READ = 'token_type="cache_read"'
export const WRITE = 'token_type=~"cache_write_.+"'
export const OUTPUT = 'token_type="output"'
/** All that is sent. */
export const PROMPT = 'token_type!="output"'
