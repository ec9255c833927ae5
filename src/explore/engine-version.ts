/** Version of everything that turns inputs into numbers; raised whenever the same inputs give other numbers. */
export const ENGINE_VERSION = '2';
