import { everyRunAgrees } from './agree.ts';

everyRunAgrees('k715', 411);
