// How results are described: each figure once, with unit and meaning. The JSON writer, the list of
// pointers that `expect` may use and the reference page are visitors of that description, in the
// order of the description.
//
// A visitor V offers, all taking const values:
//   Integer(name, int64_t, unit, doc) · Number(name, double, unit, doc) · Text(name, string, doc) ·
//   Boolean(name, bool, doc) Numbers(name, vector<double>, unit, doc)        array of numbers
//   Counts(name, map<string, int64_t>, unit, doc)   object whose keys depend on the run
//   Group(name, T, doc) · Groups(name, vector<T>, doc)   nested object, array of objects, each with
//   Describe
#ifndef DDPSIM_SIM_RESULT_RESULT_FIELDS_H_
#define DDPSIM_SIM_RESULT_RESULT_FIELDS_H_

#include <cstdint>
#include <map>
#include <string>

namespace ddpsim {

// Keys sorted, so that the same counts are the same bytes.
using NamedCounts = std::map<std::string, int64_t>;

}  // namespace ddpsim

#endif  // DDPSIM_SIM_RESULT_RESULT_FIELDS_H_
