import { everyRunAgrees } from './agree.ts';

everyRunAgrees('base', 420);
