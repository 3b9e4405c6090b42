/** One scenario per live row: a row without one does not compile. */
import type { LiveRow } from '../src/codes/catalogue.ts';
import { scenario as automation200x0 } from './automation/200-0.ts';
import { scenario as automation400 } from './automation/400.ts';
import { scenario as automation400x8501 } from './automation/400-8501.ts';
import { scenario as automation400x8521 } from './automation/400-8521.ts';
import { scenario as automation400x8523 } from './automation/400-8523.ts';
import { scenario as automation400x8528 } from './automation/400-8528.ts';
import { scenario as automation401 } from './automation/401.ts';
import { scenario as automation401x7501 } from './automation/401-7501.ts';
import { scenario as automation401x7508 } from './automation/401-7508.ts';
import { scenario as automation401x7509 } from './automation/401-7509.ts';
import { scenario as automation403 } from './automation/403.ts';
import { scenario as automation403x7504 } from './automation/403-7504.ts';
import { scenario as automation403x7507 } from './automation/403-7507.ts';
import { scenario as automation404 } from './automation/404.ts';
import { scenario as automation404x8522 } from './automation/404-8522.ts';
import { scenario as automation404x8543 } from './automation/404-8543.ts';
import { scenario as automation405 } from './automation/405.ts';
import { scenario as automation405x8520 } from './automation/405-8520.ts';
import { scenario as automation406 } from './automation/406.ts';
import { scenario as automation408 } from './automation/408.ts';
import { scenario as automation408x8537 } from './automation/408-8537.ts';
import { scenario as automation408x8544 } from './automation/408-8544.ts';
import { scenario as automation408x8586 } from './automation/408-8586.ts';
import { scenario as automation408x8587 } from './automation/408-8587.ts';
import { scenario as automation409 } from './automation/409.ts';
import { scenario as automation409x8519 } from './automation/409-8519.ts';
import { scenario as automation413 } from './automation/413.ts';
import { scenario as automation426 } from './automation/426.ts';
import { scenario as automation429 } from './automation/429.ts';
import { scenario as automation429x8516 } from './automation/429-8516.ts';
import { scenario as automation429x8529 } from './automation/429-8529.ts';
import { scenario as automation429x8530 } from './automation/429-8530.ts';
import { scenario as automation480x8541 } from './automation/480-8541.ts';
import { scenario as automation481 } from './automation/481.ts';
import { scenario as automation486x8539 } from './automation/486-8539.ts';
import { scenario as automation487 } from './automation/487.ts';
import { scenario as automation487x8542 } from './automation/487-8542.ts';
import { scenario as automation500 } from './automation/500.ts';
import { scenario as automation500x9003 } from './automation/500-9003.ts';
import { scenario as automation500x9999 } from './automation/500-9999.ts';
import { scenario as automation501 } from './automation/501.ts';
import { scenario as automation502 } from './automation/502.ts';
import { scenario as automation502x9001 } from './automation/502-9001.ts';
import { scenario as automation503 } from './automation/503.ts';
import { scenario as automation503x9998 } from './automation/503-9998.ts';
import { scenario as automation504 } from './automation/504.ts';
import { scenario as automation504x9002 } from './automation/504-9002.ts';
import { scenario as automation600x8540 } from './automation/600-8540.ts';
import { scenario as automation603 } from './automation/603.ts';
import { scenario as automation603x8538 } from './automation/603-8538.ts';
import { scenario as call0x0 } from './call/0-0.ts';
import { scenario as call0x7000 } from './call/0-7000.ts';
import { scenario as call0x7015 } from './call/0-7015.ts';
import { scenario as call0x540000 } from './call/0-540000.ts';
import { scenario as call0x560000 } from './call/0-560000.ts';
import { scenario as call403x510403 } from './call/403-510403.ts';
import { scenario as call403x511532 } from './call/403-511532.ts';
import { scenario as call403x560403 } from './call/403-560403.ts';
import { scenario as call404x511404 } from './call/404-511404.ts';
import { scenario as call404x560404 } from './call/404-560404.ts';
import { scenario as call408x500001 } from './call/408-500001.ts';
import { scenario as call408x560408 } from './call/408-560408.ts';
import { scenario as call410 } from './call/410.ts';
import { scenario as call410x301005 } from './call/410-301005.ts';
import { scenario as call410x531004 } from './call/410-531004.ts';
import { scenario as call429x10110 } from './call/429-10110.ts';
import { scenario as call480x10037 } from './call/480-10037.ts';
import { scenario as call480x560480 } from './call/480-560480.ts';
import { scenario as call484x560484 } from './call/484-560484.ts';
import { scenario as call486x560486 } from './call/486-560486.ts';
import { scenario as call487x0 } from './call/487-0.ts';
import { scenario as call487x10004 } from './call/487-10004.ts';
import { scenario as call487x540487 } from './call/487-540487.ts';
import { scenario as call487x560487 } from './call/487-560487.ts';
import { scenario as call500 } from './call/500.ts';
import { scenario as call500x560500 } from './call/500-560500.ts';
import { scenario as call503 } from './call/503.ts';
import { scenario as call503x560503 } from './call/503-560503.ts';
import { scenario as call603x0 } from './call/603-0.ts';
import { scenario as call603x560603 } from './call/603-560603.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: Readonly<Record<LiveRow, Scenario>> = {
  'automation/200/0': automation200x0,
  'automation/400/8501': automation400x8501,
  'automation/400/8521': automation400x8521,
  'automation/400/8523': automation400x8523,
  'automation/400/8528': automation400x8528,
  'automation/400': automation400,
  'automation/401/7501': automation401x7501,
  'automation/401/7508': automation401x7508,
  'automation/401/7509': automation401x7509,
  'automation/401': automation401,
  'automation/403/7504': automation403x7504,
  'automation/403/7507': automation403x7507,
  'automation/403': automation403,
  'automation/404/8522': automation404x8522,
  'automation/404/8543': automation404x8543,
  'automation/404': automation404,
  'automation/405/8520': automation405x8520,
  'automation/405': automation405,
  'automation/406': automation406,
  'automation/408/8537': automation408x8537,
  'automation/408/8544': automation408x8544,
  'automation/408/8586': automation408x8586,
  'automation/408/8587': automation408x8587,
  'automation/408': automation408,
  'automation/409/8519': automation409x8519,
  'automation/409': automation409,
  'automation/413': automation413,
  'automation/426': automation426,
  'automation/429/8516': automation429x8516,
  'automation/429/8529': automation429x8529,
  'automation/429/8530': automation429x8530,
  'automation/429': automation429,
  'automation/480/8541': automation480x8541,
  'automation/481': automation481,
  'automation/486/8539': automation486x8539,
  'automation/487/8542': automation487x8542,
  'automation/487': automation487,
  'automation/500/9003': automation500x9003,
  'automation/500/9999': automation500x9999,
  'automation/500': automation500,
  'automation/501': automation501,
  'automation/502/9001': automation502x9001,
  'automation/502': automation502,
  'automation/503/9998': automation503x9998,
  'automation/503': automation503,
  'automation/504/9002': automation504x9002,
  'automation/504': automation504,
  'automation/600/8540': automation600x8540,
  'automation/603/8538': automation603x8538,
  'automation/603': automation603,
  'call/0/0': call0x0,
  'call/0/7000': call0x7000,
  'call/0/7015': call0x7015,
  'call/0/540000': call0x540000,
  'call/0/560000': call0x560000,
  'call/403/510403': call403x510403,
  'call/403/511532': call403x511532,
  'call/403/560403': call403x560403,
  'call/404/511404': call404x511404,
  'call/404/560404': call404x560404,
  'call/408/500001': call408x500001,
  'call/408/560408': call408x560408,
  'call/410/301005': call410x301005,
  'call/410/531004': call410x531004,
  'call/410': call410,
  'call/429/10110': call429x10110,
  'call/480/10037': call480x10037,
  'call/480/560480': call480x560480,
  'call/484/560484': call484x560484,
  'call/486/560486': call486x560486,
  'call/487/0': call487x0,
  'call/487/10004': call487x10004,
  'call/487/540487': call487x540487,
  'call/487/560487': call487x560487,
  'call/500/560500': call500x560500,
  'call/500': call500,
  'call/503/560503': call503x560503,
  'call/503': call503,
  'call/603/0': call603x0,
  'call/603/560603': call603x560603,
};
