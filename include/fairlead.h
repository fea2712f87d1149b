#ifndef FAIRLEAD_H
#define FAIRLEAD_H
#endif
