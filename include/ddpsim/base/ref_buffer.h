// Intrusive, non-atomic reference counting for pooled byte buffers (frames, RX buffers, data
// buffers): one simulation is one thread, and nothing on the data path allocates in steady state.
// Invariant: Recycle() runs exactly once each time the count drops to zero; the pool outlives its
// buffers.
#ifndef DDPSIM_BASE_REF_BUFFER_H_
#define DDPSIM_BASE_REF_BUFFER_H_

#include <cstdint>
#include <utility>

namespace ddpsim {

class RefBuffer {
 public:
  RefBuffer() = default;
  RefBuffer(const RefBuffer&) = delete;
  RefBuffer& operator=(const RefBuffer&) = delete;

  void Ref() const { ++refs_; }
  void Unref() const {
    if (--refs_ == 0) const_cast<RefBuffer*>(this)->Recycle();
  }
  uint32_t refs() const { return refs_; }

 protected:
  virtual ~RefBuffer() = default;
  // Returns the buffer to its pool, or deletes it.
  virtual void Recycle() = 0;

 private:
  mutable uint32_t refs_ = 0;
};

template <class T>
class RefPtr {
 public:
  RefPtr() = default;
  RefPtr(std::nullptr_t) {}
  explicit RefPtr(T* p) : p_(p) {
    if (p_) p_->Ref();
  }
  RefPtr(const RefPtr& o) : RefPtr(o.p_) {}
  RefPtr(RefPtr&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  template <class U>
  RefPtr(const RefPtr<U>& o) : RefPtr(static_cast<T*>(o.get())) {}
  template <class U>
  RefPtr(RefPtr<U>&& o) : p_(o.release()) {}
  RefPtr& operator=(RefPtr o) noexcept {
    std::swap(p_, o.p_);
    return *this;
  }
  ~RefPtr() {
    if (p_) p_->Unref();
  }

  T* get() const { return p_; }
  T* operator->() const { return p_; }
  T& operator*() const { return *p_; }
  explicit operator bool() const { return p_ != nullptr; }
  friend bool operator==(const RefPtr& a, const RefPtr& b) { return a.p_ == b.p_; }
  friend bool operator!=(const RefPtr& a, const RefPtr& b) { return a.p_ != b.p_; }
  void reset() { *this = RefPtr(); }
  // Gives up the reference without dropping it.
  T* release() { return std::exchange(p_, nullptr); }

 private:
  T* p_ = nullptr;
};

}  // namespace ddpsim

#endif  // DDPSIM_BASE_REF_BUFFER_H_
