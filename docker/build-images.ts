import { buildImages } from './lab.ts';

/** For vitest's `globalSetup`: images are built once, before test files that run side by side ask for them. */
export default (): Promise<void> => buildImages();
