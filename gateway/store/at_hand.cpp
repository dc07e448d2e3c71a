#include "gateway/store/at_hand.h"

namespace stafett::store {

void AtHand::add(const Fresh& fresh) {
    const Keep& keep = *fresh.keep;
    const NewDelivery& delivery = keep.deliveries[fresh.which];
    if (delivery.request.size() > kMostBytes) return;
    Delivery made;
    Lease& lease = made.lease;
    lease.id = delivery.id;
    lease.message = keep.id;
    lease.case_id = keep.case_id;
    lease.sender = keep.sender;
    lease.receiver = delivery.receiver;
    lease.function = delivery.function;
    lease.dialect = delivery.dialect;
    lease.form = delivery.form;
    lease.kind = keep.kind;
    lease.first_due = keep.received_at;
    lease.data_key = keep.data_key;
    lease.request = delivery.request;
    made.consent = delivery.consent;
    made.consent_to = delivery.consent_to;

    const std::lock_guard lock(mutex_);
    bytes_ += delivery.request.size();
    order_.push_back(delivery.id);
    deliveries_.insert_or_assign(delivery.id, std::move(made));
    while (order_.size() > kMost || bytes_ > kMostBytes) {
        drop(order_.front());
        order_.pop_front();
    }
}

std::optional<AtHand::Delivery> AtHand::take(const DeliveryId& id) {
    const std::lock_guard lock(mutex_);
    const auto found = deliveries_.find(id);
    if (found == deliveries_.end()) return std::nullopt;
    Delivery delivery = std::move(found->second);
    bytes_ -= delivery.lease.request.size();
    deliveries_.erase(found);
    return delivery;
}

void AtHand::forget(const DeliveryId& id) {
    const std::lock_guard lock(mutex_);
    drop(id);
}

void AtHand::forgetAll() {
    const std::lock_guard lock(mutex_);
    deliveries_.clear();
    order_.clear();
    bytes_ = 0;
}

void AtHand::drop(const DeliveryId& id) {
    const auto found = deliveries_.find(id);
    if (found == deliveries_.end()) return;
    bytes_ -= found->second.lease.request.size();
    deliveries_.erase(found);
}

}  // namespace stafett::store
