/** Headers that proxy.ts adds to a request for the layouts to read. */
export const NONCE_HEADER = 'x-nonce';
export const ASKED_PATH_HEADER = 'x-kenshin-path';
