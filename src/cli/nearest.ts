export { didYouMean } from '../model/nearest.ts';
