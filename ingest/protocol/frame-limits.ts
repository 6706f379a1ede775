/** Version, suite, key generation, message type, counter [TERM-4.1]. */
export const HEADER_BYTES = 8;

/** The authentication tag of suite 1 [TERM-4.1]. */
export const TAG_BYTES = 16;

/** The longest frame that either side may send [TERM-4.2]. */
export const MAX_FRAME_BYTES = 1024;

/** The longest payload that fits into a frame. */
export const MAX_PAYLOAD_BYTES = MAX_FRAME_BYTES - HEADER_BYTES - TAG_BYTES;
