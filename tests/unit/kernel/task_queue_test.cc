// The run queue against Linux 6.1's kernel/sched/fair.c, with its defaults on eight CPUs and more:
// latency 24 ms, minimum granularity 3 ms, wake-up granularity 4 ms, weights 1024 and 88761.
#include "models/kernel/task_queue.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

class Item : public WorkItem {
 public:
  bool RunPiece(ExecContext&) override { return false; }
};

// A queue with two user threads.
struct Bench {
  Task* Pick() {
    Task* task = queue.Pick(&switched);
    return task;
  }
  Item items[2];
  TaskQueue queue;
  Task& a = queue.TaskOf(CpuContext::kUser, &items[0]);
  Task& b = queue.TaskOf(CpuContext::kUser, &items[1]);
  bool switched = false;
};

}  // namespace

TEST_CASE("each thread has a task of its own, the kworker's works and softirqs have one each") {
  Bench s;
  CHECK(&s.a != &s.b);
  CHECK(&s.queue.TaskOf(CpuContext::kUser, &s.items[0]) == &s.a);
  CHECK(&s.queue.TaskOf(CpuContext::kUser, &s.items[1]) == &s.b);
  CHECK(&s.queue.TaskOf(CpuContext::kKworker, &s.items[0]) == &s.queue.kworker());
  CHECK(s.queue.kworker().context == CpuContext::kKworker);
  CHECK(s.queue.ksoftirqd().context == CpuContext::kSoftirq);
  CHECK((s.a.context == CpuContext::kUser && s.a.thread == &s.items[0]));
  CHECK(s.queue.kworker().weight == 88761);
  CHECK(s.queue.ksoftirqd().weight == 1024);
  CHECK(s.a.weight == 1024);
}

TEST_CASE("an empty queue has nobody to run, and who wakes up is picked and has switched") {
  Bench s;
  CHECK_FALSE(s.queue.any_runnable());
  CHECK_FALSE(s.queue.NeedsReschedule());
  CHECK(s.Pick() == nullptr);
  CHECK_FALSE(s.switched);
  s.queue.Wake(s.a);
  CHECK((s.a.runnable && s.a.woken));
  CHECK(s.queue.any_runnable());
  CHECK(s.queue.NeedsReschedule());
  CHECK(s.Pick() == &s.a);
  CHECK(s.switched);
  CHECK_FALSE(s.queue.NeedsReschedule());
  CHECK(s.Pick() == &s.a);
  CHECK_FALSE(s.switched);
  s.queue.Sleep(s.a);
  CHECK_FALSE(s.queue.any_runnable());
  CHECK(s.Pick() == nullptr);
}

TEST_CASE("a task that wakes up again as it runs keeps its state") {
  Bench s;
  s.queue.Wake(s.a);
  s.Pick();
  s.a.woken = false;
  s.queue.Wake(s.a);
  CHECK_FALSE(s.a.woken);
  CHECK_FALSE(s.queue.NeedsReschedule());
}

TEST_CASE("two of equal weight take turns of half the latency") {
  Bench s;
  s.queue.Wake(s.a);
  REQUIRE(s.Pick() == &s.a);
  s.queue.Wake(s.b);
  // Of equal virtual runtime: the one that runs goes on.
  CHECK_FALSE(s.queue.NeedsReschedule());
  s.queue.Account(s.a, 12_ms - 1_ps);
  CHECK(s.a.ran == 12_ms - 1_ps);
  CHECK(s.a.item_ran == 12_ms - 1_ps);
  CHECK_FALSE(s.queue.NeedsReschedule());
  s.queue.Account(s.a, 1_ps);
  CHECK(s.queue.NeedsReschedule());
  CHECK(s.Pick() == &s.b);
  CHECK(s.switched);
  CHECK(s.b.ran == SimTime::Zero());
  s.queue.Account(s.b, 12_ms);
  CHECK(s.queue.NeedsReschedule());
  CHECK(s.a.vruntime == s.b.vruntime);
}

TEST_CASE("who is alone runs on, however long") {
  Bench s;
  s.queue.Wake(s.a);
  s.Pick();
  s.queue.Account(s.a, 10_s);
  CHECK_FALSE(s.queue.NeedsReschedule());
  CHECK(s.Pick() == &s.a);
}

TEST_CASE("a turn lasts three milliseconds at least, though the slice is shorter") {
  Item items[20];
  TaskQueue queue;
  bool switched;
  for (Item& item : items) queue.Wake(queue.TaskOf(CpuContext::kUser, &item));
  Task* first = queue.Pick(&switched);
  CHECK_FALSE(queue.NeedsReschedule());
  queue.Account(*first, 3_ms - 1_ps);  // a slice is 1.2 ms
  CHECK_FALSE(queue.NeedsReschedule());
  queue.Account(*first, 1_ps);
  CHECK(queue.NeedsReschedule());
}

TEST_CASE("virtual runtime passes by weight: the kworker's 87 times slower than a thread's") {
  Bench s;
  Task& kworker = s.queue.kworker();
  s.queue.Wake(kworker);
  s.queue.Wake(s.a);
  s.queue.Account(kworker, 88761_ns);
  CHECK(kworker.vruntime == 1'024'000);
  s.queue.Account(s.a, 1024_ns);
  CHECK(s.a.vruntime == 1'024'000);
}

TEST_CASE("a sleeper is placed half a latency behind the floor at most, and keeps what it owes") {
  Bench s;
  s.queue.Wake(s.a);
  s.Pick();
  s.queue.Account(s.a, 100_ms);
  s.queue.Wake(s.b);  // slept from the beginning
  CHECK(s.b.vruntime == (100_ms - 12_ms).ps());
  // A runs 12 ms ahead of it: more than the wake-up granularity.
  CHECK(s.queue.NeedsReschedule());
  CHECK(s.Pick() == &s.b);
  s.queue.Account(s.b, 50_ms);
  s.queue.Sleep(s.b);
  CHECK(s.Pick() == &s.a);
  s.queue.Wake(s.b);
  CHECK(s.b.vruntime == 138'000'000'000);
}

TEST_CASE("who wakes up preempts if it lags by more than the wake-up granularity, not by as much") {
  for (const SimTime lead : {4_ms, 4_ms + 1_ps}) {
    Bench s;
    s.queue.Wake(s.a);
    s.Pick();
    s.queue.Wake(s.b);
    s.queue.Account(s.a, 12_ms);
    REQUIRE(s.Pick() == &s.b);
    s.queue.Account(s.b, 12_ms);
    REQUIRE(s.Pick() == &s.a);
    s.queue.Sleep(s.b);
    s.queue.Account(s.a, lead);
    s.queue.Wake(s.b);
    CHECK(s.queue.NeedsReschedule() == (lead > 4_ms));
  }
}

TEST_CASE("to preempt, a high-priority work needs to lag by its weighted granularity only") {
  Bench s;
  Task& kworker = s.queue.kworker();
  s.queue.Wake(s.a);
  s.queue.Wake(kworker);
  s.Pick();
  s.queue.Sleep(kworker);
  s.Pick();
  s.queue.Account(s.a, 47_us);  // 4 ms * 1024 / 88761 = 46.1 us
  s.queue.Wake(kworker);
  CHECK(s.queue.NeedsReschedule());
  CHECK(s.Pick() == &kworker);
}

TEST_CASE("the floor follows the leftmost runnable task and never goes back") {
  Bench s;
  s.queue.Wake(s.a);
  s.queue.Wake(s.b);
  s.Pick();
  s.queue.Account(s.a, 60_ms);
  // B, which has not run, holds the floor down.
  Item late_item;
  Task& late = s.queue.TaskOf(CpuContext::kUser, &late_item);
  s.queue.Wake(late);
  CHECK(late.vruntime == 0);
  s.queue.Sleep(late);
  s.queue.Account(s.b, 40_ms);
  Item later_item;
  Task& later = s.queue.TaskOf(CpuContext::kUser, &later_item);
  s.queue.Wake(later);
  CHECK(later.vruntime == (40_ms - 12_ms).ps());
}

TEST_CASE("after idling, whoever wakes up is new on the core") {
  Bench s;
  s.queue.Wake(s.a);
  s.Pick();
  s.queue.Sleep(s.a);
  s.queue.GoIdle();
  s.queue.Wake(s.a);
  CHECK(s.queue.NeedsReschedule());
  CHECK(s.Pick() == &s.a);
  CHECK(s.switched);
}

}  // namespace ddpsim
