impl TaskWaker {
    fn is_forgotten(waker: &mut Arc<Self>) -> bool {
        Arc::get_mut(waker).is_some_and(|alone| !alone.woken.load(Ordering::Relaxed))
    }
}
