/** Request headers that proxy.ts sets for the layouts to read. */
export const NONCE_HEADER = 'x-nonce';
export const REQUESTED_PATH_HEADER = 'x-kenshin-path';
