#include "models/tcp/send_queue.h"

#include <catch2/catch.hpp>

namespace ddpsim {
namespace {

constexpr uint32_t kOverhead = 1280;

TxSkb* Fill(SendQueue& q, uint32_t seq, uint32_t size) {
  TxSkb* skb = q.Append(SeqNum(seq));
  skb->size = size;
  skb->end_seq = SeqNum(seq) + size;
  skb->truesize += size;
  skb->payload.push_back(Payload{nullptr, size, 0, nullptr});
  return skb;
}

uint32_t Bytes(const TxSkb& skb) {
  uint32_t sum = 0;
  for (const Payload& p : skb.payload) sum += p.size;
  return sum;
}

}  // namespace

TEST_CASE("splitting an skb keeps bytes, flags of the end, and the place in the time list") {
  SendQueue q(kOverhead);
  TxSkb* a = Fill(q, 100, 5000);
  a->flags |= 0x08;
  a->eor = true;
  SendQueue::SetSegments(a, 1000);
  CHECK(a->pcount == 5);
  q.AdvanceSent();
  q.TimeListAppend(a);
  q.Split(0, 2000, 1000);
  CHECK(q.size() == 2);
  CHECK(q.sent_count() == 2);
  TxSkb* b = q.at(1);
  CHECK(a->pcount == 2);
  CHECK(b->pcount == 3);
  CHECK(b->seq == SeqNum(2100));
  CHECK(Bytes(*a) == 2000);
  CHECK(Bytes(*b) == 3000);
  CHECK_FALSE(a->eor);
  CHECK(b->eor);
  CHECK((a->flags & 0x08) == 0);
  CHECK((b->flags & 0x08) != 0);
  CHECK(q.oldest() == a);
  CHECK(a->time_next == b);
}

TEST_CASE("splitting costs the memory of one more empty skb") {
  SendQueue q(kOverhead);
  TxSkb* a = Fill(q, 100, 5000);
  q.Split(0, 2000, 1000);
  CHECK(a->truesize == kOverhead + 2000);
  CHECK(q.at(1)->truesize == kOverhead + 3000);
}

TEST_CASE("a short unsent skb grows by the bytes behind it") {
  SendQueue q(kOverhead);
  TxSkb* a = Fill(q, 100, 400);
  TxSkb* b = Fill(q, 500, 1000);
  CHECK(q.Grow(0, 600) == 0);
  CHECK(a->size == 1000);
  CHECK(a->end_seq == SeqNum(1100));
  CHECK(Bytes(*a) == 1000);
  CHECK(b->seq == SeqNum(1100));
  CHECK(Bytes(*b) == 400);
  CHECK(a->truesize + b->truesize == 2 * kOverhead + 1400);
}

TEST_CASE("an skb that lost all its bytes leaves with its flags and gives its memory back") {
  SendQueue q(kOverhead);
  TxSkb* a = Fill(q, 100, 400);
  TxSkb* b = Fill(q, 500, 100);
  b->flags |= kTcpFin | kTcpPsh;
  b->end_seq += 1;
  b->eor = true;
  CHECK(q.Grow(0, 600) == kOverhead);
  CHECK(q.size() == 1);
  CHECK(a->size == 500);
  CHECK(a->end_seq == SeqNum(601));
  CHECK((a->flags & kTcpFin) != 0);
  CHECK(a->eor);
}

TEST_CASE("MSG_EOR and the number of frags stop an skb from growing") {
  SendQueue q(kOverhead);
  TxSkb* a = Fill(q, 100, 400);
  TxSkb* b = Fill(q, 500, 100);
  a->eor = true;
  CHECK(q.Grow(0, 600) == 0);
  CHECK(q.size() == 2);
  a->eor = false;
  while (a->payload.size() < 17) a->payload.push_back(Payload{nullptr, 0, 0, nullptr});
  CHECK(q.Grow(0, 600) == 0);
  CHECK(b->size == 100);
}

TEST_CASE("payload is shifted whole, or not at all where it would be more than 17 frags") {
  SendQueue q(kOverhead);
  TxSkb* a = Fill(q, 100, 400);
  TxSkb* b = Fill(q, 500, 100);
  CHECK(SendQueue::ShiftPayload(b, a));
  CHECK(Bytes(*a) == 500);
  CHECK(b->payload.empty());
  TxSkb* c = Fill(q, 600, 100);
  while (a->payload.size() < 17) a->payload.push_back(Payload{nullptr, 0, 0, nullptr});
  CHECK_FALSE(SendQueue::ShiftPayload(c, a));
  CHECK(a->payload.size() == 17);
  CHECK(Bytes(*c) == 100);
}

TEST_CASE("a sent byte is found by its sequence number, across the wrap") {
  SendQueue q(kOverhead);
  uint32_t seq = 0xfffff000u;
  for (int i = 0; i < 20; ++i, seq += 1000) {
    Fill(q, seq, 1000);
    q.AdvanceSent();
  }
  for (uint32_t i = 0; i < 20; ++i) {
    CHECK(q.FindSent(SeqNum(0xfffff000u + i * 1000)) == i);
    CHECK(q.FindSent(SeqNum(0xfffff000u + i * 1000 + 999)) == i);
  }
  CHECK(q.FindSent(SeqNum(0xfffff000u + 20000)) == q.sent_count());
  CHECK(q.FindSent(SeqNum(0xffffefffu)) == q.sent_count());
}

TEST_CASE("the ring grows and keeps its order while the front moves") {
  SendQueue q(kOverhead);
  uint32_t in = 0;
  uint32_t out = 0;
  for (int round = 0; round < 500; ++round) {
    for (int i = 0; i < 3; ++i, in += 10) {
      Fill(q, in, 10);
      q.AdvanceSent();
    }
    CHECK(q.at(0)->seq == SeqNum(out));
    q.PopFront();
    out += 10;
  }
  CHECK(q.size() == 1000);
  CHECK(q.tail()->end_seq == SeqNum(in));
}

TEST_CASE("trimming the head drops acknowledged bytes and whole frags") {
  SendQueue q(kOverhead);
  TxSkb* a = Fill(q, 0, 1000);
  a->payload.push_back(Payload{nullptr, 2000, 0, nullptr});
  a->size = 3000;
  a->end_seq = SeqNum(3000);
  SendQueue::SetSegments(a, 1000);
  q.AdvanceSent();
  q.TrimHead(2000);
  CHECK(a->seq == SeqNum(2000));
  CHECK(a->pcount == 1);
  CHECK(Bytes(*a) == 1000);
}

}  // namespace ddpsim
