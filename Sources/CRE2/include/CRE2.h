#ifndef FAIRLEAD_CRE2_H
#define FAIRLEAD_CRE2_H
#endif
