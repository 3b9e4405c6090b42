/** One scenario per live row: a row without one does not compile. */
import type { LiveRow } from '../src/codes/catalogue.ts';
import { scenario as automation200x0 } from './automation/200-0.ts';
import { scenario as automation200x8514 } from './automation/200-8514.ts';
import { scenario as automation200x8531 } from './automation/200-8531.ts';
import { scenario as automation200x8533 } from './automation/200-8533.ts';
import { scenario as automation200x8545 } from './automation/200-8545.ts';
import { scenario as automation200x8569 } from './automation/200-8569.ts';
import { scenario as automation400 } from './automation/400.ts';
import { scenario as automation400x7601 } from './automation/400-7601.ts';
import { scenario as automation400x7602 } from './automation/400-7602.ts';
import { scenario as automation400x7603 } from './automation/400-7603.ts';
import { scenario as automation400x8500 } from './automation/400-8500.ts';
import { scenario as automation400x8501 } from './automation/400-8501.ts';
import { scenario as automation400x8503 } from './automation/400-8503.ts';
import { scenario as automation400x8504 } from './automation/400-8504.ts';
import { scenario as automation400x8508 } from './automation/400-8508.ts';
import { scenario as automation400x8509 } from './automation/400-8509.ts';
import { scenario as automation400x8510 } from './automation/400-8510.ts';
import { scenario as automation400x8513 } from './automation/400-8513.ts';
import { scenario as automation400x8521 } from './automation/400-8521.ts';
import { scenario as automation400x8523 } from './automation/400-8523.ts';
import { scenario as automation400x8528 } from './automation/400-8528.ts';
import { scenario as automation400x8532 } from './automation/400-8532.ts';
import { scenario as automation400x8535 } from './automation/400-8535.ts';
import { scenario as automation400x8536 } from './automation/400-8536.ts';
import { scenario as automation400x8546 } from './automation/400-8546.ts';
import { scenario as automation400x8547 } from './automation/400-8547.ts';
import { scenario as automation400x8553 } from './automation/400-8553.ts';
import { scenario as automation400x8557 } from './automation/400-8557.ts';
import { scenario as automation400x8559 } from './automation/400-8559.ts';
import { scenario as automation400x8562 } from './automation/400-8562.ts';
import { scenario as automation400x8563 } from './automation/400-8563.ts';
import { scenario as automation400x8565 } from './automation/400-8565.ts';
import { scenario as automation400x8567 } from './automation/400-8567.ts';
import { scenario as automation400x8570 } from './automation/400-8570.ts';
import { scenario as automation400x8579 } from './automation/400-8579.ts';
import { scenario as automation400x8581 } from './automation/400-8581.ts';
import { scenario as automation400x8582 } from './automation/400-8582.ts';
import { scenario as automation400x8585 } from './automation/400-8585.ts';
import { scenario as automation400x8604 } from './automation/400-8604.ts';
import { scenario as automation400x8606 } from './automation/400-8606.ts';
import { scenario as automation401 } from './automation/401.ts';
import { scenario as automation401x7500 } from './automation/401-7500.ts';
import { scenario as automation401x7501 } from './automation/401-7501.ts';
import { scenario as automation401x7508 } from './automation/401-7508.ts';
import { scenario as automation401x7509 } from './automation/401-7509.ts';
import { scenario as automation401x7510 } from './automation/401-7510.ts';
import { scenario as automation401x8565 } from './automation/401-8565.ts';
import { scenario as automation403 } from './automation/403.ts';
import { scenario as automation403x7502 } from './automation/403-7502.ts';
import { scenario as automation403x7504 } from './automation/403-7504.ts';
import { scenario as automation403x7505 } from './automation/403-7505.ts';
import { scenario as automation403x7506 } from './automation/403-7506.ts';
import { scenario as automation403x7507 } from './automation/403-7507.ts';
import { scenario as automation403x7600 } from './automation/403-7600.ts';
import { scenario as automation403x7606 } from './automation/403-7606.ts';
import { scenario as automation403x8565 } from './automation/403-8565.ts';
import { scenario as automation403x8566 } from './automation/403-8566.ts';
import { scenario as automation403x8568 } from './automation/403-8568.ts';
import { scenario as automation404 } from './automation/404.ts';
import { scenario as automation404x8522 } from './automation/404-8522.ts';
import { scenario as automation404x8543 } from './automation/404-8543.ts';
import { scenario as automation404x8558 } from './automation/404-8558.ts';
import { scenario as automation405 } from './automation/405.ts';
import { scenario as automation405x8520 } from './automation/405-8520.ts';
import { scenario as automation405x8522 } from './automation/405-8522.ts';
import { scenario as automation405x8573 } from './automation/405-8573.ts';
import { scenario as automation405x8605 } from './automation/405-8605.ts';
import { scenario as automation406 } from './automation/406.ts';
import { scenario as automation408 } from './automation/408.ts';
import { scenario as automation408x8537 } from './automation/408-8537.ts';
import { scenario as automation408x8544 } from './automation/408-8544.ts';
import { scenario as automation408x8565 } from './automation/408-8565.ts';
import { scenario as automation408x8586 } from './automation/408-8586.ts';
import { scenario as automation408x8587 } from './automation/408-8587.ts';
import { scenario as automation408x8610 } from './automation/408-8610.ts';
import { scenario as automation409 } from './automation/409.ts';
import { scenario as automation409x8519 } from './automation/409-8519.ts';
import { scenario as automation409x8571 } from './automation/409-8571.ts';
import { scenario as automation409x8607 } from './automation/409-8607.ts';
import { scenario as automation412 } from './automation/412.ts';
import { scenario as automation412x8583 } from './automation/412-8583.ts';
import { scenario as automation413 } from './automation/413.ts';
import { scenario as automation422 } from './automation/422.ts';
import { scenario as automation426 } from './automation/426.ts';
import { scenario as automation429 } from './automation/429.ts';
import { scenario as automation429x8516 } from './automation/429-8516.ts';
import { scenario as automation429x8529 } from './automation/429-8529.ts';
import { scenario as automation429x8530 } from './automation/429-8530.ts';
import { scenario as automation429x8565 } from './automation/429-8565.ts';
import { scenario as automation429x8589 } from './automation/429-8589.ts';
import { scenario as automation480x8541 } from './automation/480-8541.ts';
import { scenario as automation481 } from './automation/481.ts';
import { scenario as automation486x8539 } from './automation/486-8539.ts';
import { scenario as automation487 } from './automation/487.ts';
import { scenario as automation487x8542 } from './automation/487-8542.ts';
import { scenario as automation500 } from './automation/500.ts';
import { scenario as automation500x8511 } from './automation/500-8511.ts';
import { scenario as automation500x8534 } from './automation/500-8534.ts';
import { scenario as automation500x8564 } from './automation/500-8564.ts';
import { scenario as automation500x8572 } from './automation/500-8572.ts';
import { scenario as automation500x8578 } from './automation/500-8578.ts';
import { scenario as automation500x8580 } from './automation/500-8580.ts';
import { scenario as automation500x8603 } from './automation/500-8603.ts';
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
import { scenario as call0x5002 } from './call/0-5002.ts';
import { scenario as call0x5010 } from './call/0-5010.ts';
import { scenario as call0x5013 } from './call/0-5013.ts';
import { scenario as call0x5300 } from './call/0-5300.ts';
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
import { scenario as call410x301004 } from './call/410-301004.ts';
import { scenario as call410x301005 } from './call/410-301005.ts';
import { scenario as call410x531004 } from './call/410-531004.ts';
import { scenario as call429x10110 } from './call/429-10110.ts';
import { scenario as call480x10037 } from './call/480-10037.ts';
import { scenario as call480x10078 } from './call/480-10078.ts';
import { scenario as call480x560480 } from './call/480-560480.ts';
import { scenario as call484x560484 } from './call/484-560484.ts';
import { scenario as call486x540486 } from './call/486-540486.ts';
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
import { scenario as chat400 } from './chat/400.ts';
import { scenario as chat401 } from './chat/401.ts';
import { scenario as chat403 } from './chat/403.ts';
import { scenario as chat404 } from './chat/404.ts';
import { scenario as chat429 } from './chat/429.ts';
import { scenario as chat503 } from './chat/503.ts';
import type { Scenario } from './scenario.ts';
import { scenario as sms2000 } from './sms/2000.ts';
import { scenario as sms4000 } from './sms/4000.ts';
import { scenario as sms4001 } from './sms/4001.ts';
import { scenario as sms4002 } from './sms/4002.ts';
import { scenario as sms4003 } from './sms/4003.ts';
import { scenario as sms4004 } from './sms/4004.ts';
import { scenario as sms4005 } from './sms/4005.ts';
import { scenario as sms4006 } from './sms/4006.ts';
import { scenario as sms4007 } from './sms/4007.ts';
import { scenario as sms4008 } from './sms/4008.ts';
import { scenario as sms4009 } from './sms/4009.ts';
import { scenario as sms4010 } from './sms/4010.ts';
import { scenario as sms4020 } from './sms/4020.ts';
import { scenario as sms5000 } from './sms/5000.ts';
import { scenario as sms5001 } from './sms/5001.ts';
import { scenario as sms5002 } from './sms/5002.ts';
import { scenario as sms9999 } from './sms/9999.ts';

export const scenarios: Readonly<Record<LiveRow, Scenario>> = {
  'automation/200/0': automation200x0,
  'automation/400/8501': automation400x8501,
  'automation/400/8521': automation400x8521,
  'automation/400/8523': automation400x8523,
  'automation/400/8528': automation400x8528,
  'automation/400': automation400,
  'automation/401/7500': automation401x7500,
  'automation/401/7501': automation401x7501,
  'automation/401/7508': automation401x7508,
  'automation/401/7509': automation401x7509,
  'automation/401/7510': automation401x7510,
  'automation/401': automation401,
  'automation/403/7502': automation403x7502,
  'automation/403/7504': automation403x7504,
  'automation/403/7505': automation403x7505,
  'automation/403/7506': automation403x7506,
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
  'automation/422': automation422,
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
  'automation/200/8514': automation200x8514,
  'automation/200/8531': automation200x8531,
  'automation/200/8533': automation200x8533,
  'automation/200/8545': automation200x8545,
  'automation/200/8569': automation200x8569,
  'automation/400/8500': automation400x8500,
  'automation/400/8503': automation400x8503,
  'automation/400/8508': automation400x8508,
  'automation/400/8509': automation400x8509,
  'automation/400/8510': automation400x8510,
  'automation/400/8513': automation400x8513,
  'automation/400/8532': automation400x8532,
  'automation/400/8535': automation400x8535,
  'automation/400/8536': automation400x8536,
  'automation/400/8547': automation400x8547,
  'automation/400/8553': automation400x8553,
  'automation/400/8559': automation400x8559,
  'automation/400/8562': automation400x8562,
  'automation/400/8563': automation400x8563,
  'automation/400/8565': automation400x8565,
  'automation/400/8567': automation400x8567,
  'automation/400/8570': automation400x8570,
  'automation/400/8579': automation400x8579,
  'automation/400/8581': automation400x8581,
  'automation/400/8582': automation400x8582,
  'automation/400/8585': automation400x8585,
  'automation/400/8604': automation400x8604,
  'automation/401/8565': automation401x8565,
  'automation/403/8565': automation403x8565,
  'automation/403/8568': automation403x8568,
  'automation/404/8558': automation404x8558,
  'automation/405/8522': automation405x8522,
  'automation/405/8573': automation405x8573,
  'automation/405/8605': automation405x8605,
  'automation/408/8565': automation408x8565,
  'automation/409/8571': automation409x8571,
  'automation/412/8583': automation412x8583,
  'automation/429/8565': automation429x8565,
  'automation/500/8511': automation500x8511,
  'automation/500/8534': automation500x8534,
  'automation/500/8564': automation500x8564,
  'automation/500/8572': automation500x8572,
  'automation/500/8578': automation500x8578,
  'automation/500/8580': automation500x8580,
  'automation/500/8603': automation500x8603,
  'automation/400/8557': automation400x8557,
  'automation/400/8606': automation400x8606,
  'automation/403/7600': automation403x7600,
  'automation/403/7606': automation403x7606,
  'automation/409/8607': automation409x8607,
  'automation/412': automation412,
  'automation/429/8589': automation429x8589,
  'automation/400/8504': automation400x8504,
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
  'call/486/540486': call486x540486,
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
  'automation/400/7601': automation400x7601,
  'automation/400/7602': automation400x7602,
  'automation/400/7603': automation400x7603,
  'automation/400/8546': automation400x8546,
  'automation/403/8566': automation403x8566,
  'call/0/5002': call0x5002,
  'call/0/5010': call0x5010,
  'call/0/5013': call0x5013,
  'call/0/5300': call0x5300,
  'call/410/301004': call410x301004,
  'call/480/10078': call480x10078,
  'automation/408/8610': automation408x8610,
  'chat/400': chat400,
  'chat/401': chat401,
  'chat/403': chat403,
  'chat/404': chat404,
  'chat/429': chat429,
  'chat/503': chat503,
  'sms/2000': sms2000,
  'sms/4000': sms4000,
  'sms/4001': sms4001,
  'sms/4002': sms4002,
  'sms/4003': sms4003,
  'sms/4004': sms4004,
  'sms/4005': sms4005,
  'sms/4006': sms4006,
  'sms/4007': sms4007,
  'sms/4008': sms4008,
  'sms/4009': sms4009,
  'sms/4010': sms4010,
  'sms/4020': sms4020,
  'sms/5000': sms5000,
  'sms/5001': sms5001,
  'sms/5002': sms5002,
  'sms/9999': sms9999,
};
