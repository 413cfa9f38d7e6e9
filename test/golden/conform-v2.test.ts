import { everyRunAgrees } from './agree.ts';

everyRunAgrees('v2', 576);
