// The Describe vocabulary: a config struct names each of its settings once, and the JSON loader,
// the schema, the reference page and the resolved-scenario dump are all visitors of that one
// description.
//
//   struct LinkConfig {
//     int64_t rate_gbps = 100;
//     template <class V> void Describe(V& v) {
//       v.Integer("rate_gbps", rate_gbps, {1, 800}, "Gbit/s", "line rate of both directions");
//     }
//   };
//
// A visitor V offers (all const-correct enough to be called on a mutable config):
//   Integer(name, int64_t&, Range<int64_t>, unit, doc)      plain JSON integer
//   Bytes(name, int64_t&, Range<int64_t>, doc)              integer, or fio's "64k", "1m", "1g"
//   Number(name, double&, Range<double>, unit, doc)         integer or real
//   Boolean(name, bool&, doc)
//   String(name, std::string&, doc)
//   Enum(name, E&, Span<const EnumName<E>>, doc)            one of the listed words
//   Enums(name, std::vector<E>&, Span<const EnumName<E>>, doc)
//                                                           array of listed words, each once
//   Integers(name, std::vector<int64_t>&, Range<int64_t>, doc)
//                                                           array of integers
//   Group(name, T&, doc)                                    nested object with its own Describe
//   Groups(name, std::vector<T>&, doc)                      array of objects as for Group
//   NumberOrGroup(name, T&, Range<double>, unit, doc)       a plain number (T::ShortForm() says
//                                                           where it goes; nullptr: no short form)
//                                                           or the object of T's Describe
//   Case(tag, words, bool active, Presence, body)           the fields that body() describes exist
//                                                           only while the Enum `tag`, described
//                                                           before, is one of `words` ("a|b")
// Invariant: the default is the member's initial value; there is no second place for it.
#ifndef DDPSIM_BASE_FIELDS_H_
#define DDPSIM_BASE_FIELDS_H_

namespace ddpsim {

template <class T>
struct Range {
  T min;
  T max;
};

// Whether the fields of a Case must be given while it is active.
enum class Presence { kOptional, kRequired };

template <class E>
struct EnumName {
  E value;
  const char* name;
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_FIELDS_H_
