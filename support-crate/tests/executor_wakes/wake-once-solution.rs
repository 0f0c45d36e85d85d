fn wake_once(woken: &AtomicBool, queue: &mpsc::Sender<usize>, id: usize) -> bool {
    !woken.swap(true, Ordering::AcqRel) && queue.send(id).is_ok()
}
