/** Request headers that proxy.ts sets for the layouts to read. */
export const NONCE_HEADER = 'x-nonce';
export const ASKED_PATH_HEADER = 'x-kenshin-path';
